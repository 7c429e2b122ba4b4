# Makes Markdown tables of the lines that bench.sh records, with ratios to the server named by -v yardstick=NAME:
#   load   WORK SERVER UNIT COST RATE P50 P99   one round of one work at one server; COST is CPU time per UNIT
#   single TITLE WHAT VALUE                     one of several runs of anything else; the median counts
BEGIN { FS = "\t" }

$1 == "load" {
  key = $2 SUBSEP $3
  if (!($2 in unit)) { works[++work_count] = $2; unit[$2] = $4 }
  if (!(key in rounds)) { servers[$2, ++server_count[$2]] = $3 }
  n = ++rounds[key]
  cost[key, n] = $5; rate[key, n] = $6; p50[key, n] = $7; p99[key, n] = $8
}

$1 == "single" {
  if (!($2 in whats)) titles[++title_count] = $2
  if (!(($2, $3) in values)) { what[$2, ++whats[$2]] = $3 }
  value[$2, $3, ++values[$2, $3]] = $4
}

# Sorts list[key, 1..n] into sorted[1..n].
function sort(list, key, n,    i, j, one) {
  for (i = 1; i <= n; i++) {
    one = list[key, i] + 0
    for (j = i - 1; j >= 1 && sorted[j] > one; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = one
  }
}

function median(list, key, n) {
  sort(list, key, n)
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function short(number) {
  return number >= 100 ? sprintf("%.0f", number) : number >= 10 ? sprintf("%.1f", number) : sprintf("%.2f", number)
}

function time(microseconds) {
  if (microseconds <= 0) return ""
  return microseconds >= 1000 ? short(microseconds / 1000) " ms" : short(microseconds) " µs"
}

END {
  if (work_count) {
    print "| work | server | CPU, median (least to most) | × " yardstick " | rate | p50 | p99 |"
    print "|---|---|---|---|---|---|---|"
  }
  for (i = 1; i <= work_count; i++) {
    work = works[i]
    base = 0
    if ((work SUBSEP yardstick) in rounds) base = median(cost, work SUBSEP yardstick, rounds[work, yardstick])
    for (j = 1; j <= server_count[work]; j++) {
      server = servers[work, j]
      key = work SUBSEP server
      n = rounds[key]
      middle = median(cost, key, n)
      spread = short(sorted[1]) " to " short(sorted[n])
      ratio = ""
      if (base > 0) ratio = short(middle / base)
      rate_unit = "/s"
      if (unit[work] ~ /GB/) rate_unit = "MB/s"
      printf "| %s | %s | %s %s (%s) | %s | %s %s | %s | %s |\n", (j == 1 ? work : ""), server, short(middle), unit[work], spread,
        ratio, short(median(rate, key, n)), rate_unit, time(median(p50, key, n)), time(median(p99, key, n))
    }
  }
  for (i = 1; i <= title_count; i++) {
    title = titles[i]
    printf "\n| %s | median |\n|---|---|\n", title
    for (j = 1; j <= whats[title]; j++)
      printf "| %s | %s |\n", what[title, j], short(median(value, title SUBSEP what[title, j], values[title, what[title, j]]))
  }
}
