#!/usr/bin/env bash
# Measures harmonia-cache with harmonia-daemon against nginx that serves the same store as static files, and prints Markdown tables.
#
#   ./bench.sh                     everything: some 15 minutes
#   ./bench.sh --quick             fewer and shorter rounds: under 3 minutes, once the store is made
#   ./bench.sh --only PATTERN      only the works whose name matches this extended regular expression
#   ./bench.sh --peer NAME=URL=PID another server of the same store and the process whose CPU time counts; any number of them
#   ./bench.sh --output FILE       writes the tables there as well
#   ./bench.sh --list              names the works
#   ./bench.sh daemon              harmonia-daemon against the real nix-daemon instead, with --quick, --only, --output and --list as above
#   ./bench.sh memory              the memory of both programs alone: idle, under each load, a minute later; with --quick and --output
#   ./bench.sh start               the time from the start of both programs to the first answer; with --quick and --output
#
# The store is made once, by a real Nix, under $HARMONIA_BENCH_DIR (default /var/cache/harmonia-bench, some 4 GB), where a peer finds it:
# real directory root/nix/store, database root/nix/var/nix/db. Debian packages that are missing are installed.
#
# CPU time is what counts: user and system time of each server's processes, ours together. Rates and latencies depend on what else the
# machine does; the servers take turns, round by round, so that all get their share of it. Cost is per request or per GB (10^9 bytes).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() { sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; }
note() { printf '%s\n' "$*" >&2; }
die() { note "$*"; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

rounds=5 seconds=3 copied=1000 samples=20 only=. output='' names_only='' quick='' yardstick=nginx alone=''
declare -a servers=() peers=()
declare -A url=() processes=()

while [ $# -gt 0 ]; do
  case $1 in
    daemon) yardstick=nix-daemon ;;
    memory | start) alone=$1 ;;
    --quick) quick=1 rounds=2 seconds=1 copied=100 samples=6 ;;
    --only) only=${2:?--only needs a pattern}; shift ;;
    --peer) peers+=("${2:?--peer needs NAME=URL=PID}"); shift ;;
    --output) output=${2:?--output needs a file}; shift ;;
    --list) names_only=1 ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

home=${HARMONIA_BENCH_DIR:-/var/cache/harmonia-bench}
tools=$PWD/Harmonia.Tests/Benchmarks/Servers
run=$PWD/artifacts/bench
store=$home/root/nix/store
record=$run/record.tsv
small_paths=5000

wanted() {
  [ -z "$names_only" ] || { printf '%s\n' "$1"; return 1; }
  [[ $1 =~ $only ]]
}

install_tools() {
  local package missing=()
  for package in nginx-light wrk zstd curl nix-bin jq perl; do
    [ "$package" = nginx-light ] && command -v nginx >/dev/null && continue
    [ "$package" = nix-bin ] && command -v nix-store >/dev/null && continue
    [ "$package" = perl ] && perl -MTime::HiRes -e 1 2>/dev/null && continue
    command -v "$package" >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] || {
    note "Installing ${missing[*]} ..."
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  }
  command -v dotnet >/dev/null || die "The .NET 10 SDK is needed: 'dotnet' is not on PATH."
}

nix_environment() {
  export NIX_REMOTE="local?root=$home/root" NIX_CONF_DIR=$home/etc NIX_USER_CONF_FILES='' XDG_CACHE_HOME=$home/cache HOME=$home
}

# --- The store -------------------------------------------------------------------------------------------------------------------

add() { # name: adds $home/source/$name and notes its path
  note "  $1"
  (nix_environment; nix-store --add "$home/source/$1") >"$home/paths/$1"
  rm -rf "${home:?}/source/$1"
}

make_store() {
  [ ! -e "$home/store-made" ] || return 0
  note "Making a store in $home, once (some minutes) ..."
  as_root install -d -o "$(id -u)" "$home"
  [ ! -e "$home/root" ] || chmod -R u+w "$home/root"
  rm -rf "${home:?}"/{root,source,paths,www}
  mkdir -p "$home"/{etc,source,paths}
  printf 'build-users-group =\nsandbox = false\nfsync-metadata = false\nsubstituters =\n' >"$home/etc/nix.conf"

  note "  $small_paths small paths with references"
  cat >"$home/source/small.nix" <<NIX
    let
      text = builtins.concatStringsSep "\n" (builtins.genList (line: "line \${toString line} of a small file, like a script or a wrapper") 120);
      references = i: if i < 3 then "" else "\${at (i / 2)} \${at (i / 3)} \${at (i - 1 - i / 50)}";
      at = builtins.elemAt all;
      all = builtins.genList (i: builtins.toFile "small-\${toString i}" "\${toString i} \${references i}\n\${text}") $small_paths;
    in builtins.concatStringsSep "\n" (map builtins.unsafeDiscardStringContext all)
NIX
  (nix_environment; nix-instantiate --eval --read-write-mode --json "$home/source/small.nix") | jq -r . >"$home/paths/small"

  mkdir "$home/source/tiny-files"
  local directory
  for directory in $(seq 200); do
    mkdir "$home/source/tiny-files/$directory"
    head -c 95000 /dev/urandom | (cd "$home/source/tiny-files/$directory" && split --bytes 950 --numeric-suffixes --suffix-length 3)
  done
  add tiny-files
  mkdir "$home/source/binaries"
  # shellcheck disable=SC2016
  find /usr/bin /usr/sbin /usr/lib -xdev -type f -size +200k -print0 | sort -z | xargs -0 cat 2>/dev/null | head -c 400000000 |
    (cd "$home/source/binaries" && split --bytes 8000000 --filter 'cat >$FILE && chmod +x $FILE') || true
  add binaries
  head -c 500000000 /dev/urandom >"$home/source/random"
  add random
  od --address-radix n --format u2 --output-duplicates --read-bytes 200000000 /dev/urandom | head -c 500000000 >"$home/source/text" || true
  add text
  touch "$home/store-made"
}

path_of() { cat "$home/paths/$1"; }
hash_of() { local path; path=$(path_of "$1"); path=${path#/nix/store/}; printf '%s' "${path%%-*}"; }
large=(tiny-files binaries random text)

# --- The servers -----------------------------------------------------------------------------------------------------------------

free_port() { # the first one from $1 on that nobody listens on
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s' "$port"
}

await_url() { # url process
  local _
  for _ in $(seq 300); do
    curl --silent --fail --output /dev/null "$1/nix-cache-info" && return
    kill -0 "$2" 2>/dev/null || die "A server ended: see $run."
    sleep 0.1
  done
  die "$1 does not answer: see $run."
}

declare -a started=()
stop_servers() {
  local process
  # The last one first: a cache drains while its daemon still answers.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    process=${started[i]}
    kill -TERM "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  started=()
}
trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_harmonia() { # name more-settings: a daemon and a cache
  local name=$1 port
  local directory=$run/$name
  rm -rf "$directory"
  mkdir -p "$directory"
  port=$(free_port 5600)
  [ -s "$run/secret-key" ] || "$run/programs/harmonia-cache" generate-key bench-1 "$run/secret-key" "$run/public-key"
  cat >"$directory/daemon.toml" <<TOML
socket_path = "$directory/daemon.socket"
real_store_dir = "$store"
state_dir = "$home/root/nix/var/nix"
log_level = "error"
TOML
  cat >"$directory/cache.toml" <<TOML
bind = "127.0.0.1:$port"
daemon_socket = "$directory/daemon.socket"
real_nix_store = "$store"
sign_key_paths = ["$run/secret-key"]
log_level = "error"
${2:-}
TOML
  "$run/programs/harmonia-cache" --config "$directory/cache.toml" --check-config >"$directory/check" 2>&1 || return 1
  "$run/programs/harmonia-daemon" --config "$directory/daemon.toml" 2>"$directory/daemon.log" &
  local daemon=$!
  started+=("$daemon")
  for _ in $(seq 200); do [ -S "$directory/daemon.socket" ] && break; sleep 0.05; done
  "$run/programs/harmonia-cache" --config "$directory/cache.toml" 2>"$directory/cache.log" &
  started+=($!)
  url[$name]=http://127.0.0.1:$port
  processes[$name]="$daemon $!"
  await_url "${url[$name]}" $!
}

start_nginx() {
  local port directory=$run/nginx
  mkdir -p "$directory"
  port=$(free_port 5700)
  cat >"$directory/nginx.conf" <<CONF
daemon off;
pid $directory/pid;
error_log $directory/error.log error;
$([ "$(id -u)" != 0 ] || echo 'user root;')
worker_processes 2;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  default_type application/octet-stream;
  types { text/x-nix-narinfo narinfo; application/x-nix-nar nar; application/json ls; }
  client_body_temp_path $directory; proxy_temp_path $directory; fastcgi_temp_path $directory; uwsgi_temp_path $directory; scgi_temp_path $directory;
  server { listen 127.0.0.1:$port; root $home/www; }
}
CONF
  nginx -e "$directory/error.log" -c "$directory/nginx.conf" &
  started+=($!)
  url[nginx]=http://127.0.0.1:$port
  processes[nginx]=$!
  await_url "${url[nginx]}" $!
}

build() {
  note "Building ..."
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  ./publish.sh --output "$run/programs" >"$run/build.log" 2>&1 || { cat "$run/build.log" >&2; exit 1; }
  [ "$yardstick" = nginx ] ||
    dotnet publish Harmonia.Tests/Benchmarks --configuration Release --output "$run/load" --verbosity quiet --nologo >"$run/build.log" 2>&1 ||
    { cat "$run/build.log" >&2; exit 1; }
}

# --- What nginx serves, and what is asked of each server ---------------------------------------------------------------------------

fetch_all() { # base-url list directory: each line of the list as a file of that name
  awk -v base="$1" -v directory="$3" '{ printf "url = \"%s/%s\"\noutput = \"%s/%s\"\n", base, $0, directory, $0 }' "$2" |
    curl --silent --fail --create-dirs --config -
}

hashes() { cat "$home"/paths/* | sed 's|^/nix/store/||; s|-.*||'; }

make_static() {
  [ ! -e "$home/www/made" ] || return 0
  note "Writing the store as static files, once ..."
  rm -rf "${home:?}/www"
  mkdir -p "$home/www/nar"
  hashes | sed 's/$/.narinfo/' >"$run/narinfos"
  fetch_all "${url[harmonia]}" "$run/narinfos" "$home/www"
  curl --silent --fail --output "$home/www/nix-cache-info" "${url[harmonia]}/nix-cache-info"
  sed -s -n 's/^URL: //p' "$home"/www/*.narinfo >"$run/nars"
  fetch_all "${url[harmonia]}" "$run/nars" "$home/www"
  local name file
  for name in "${large[@]}"; do
    file=$home/www/$(sed -n 's/^URL: //p' "$home/www/$(hash_of "$name").narinfo")
    (nix_environment; nix-store --dump "$store/$(basename "$(path_of "$name")")") | cmp - "$file" || die "The NAR of $name differs from nix-store's."
    curl --silent --fail --output "$home/www/$(hash_of "$name").ls" "${url[harmonia]}/$(hash_of "$name").ls"
  done
  touch "$home/www/made"
}

nar_url() { # server name: path below the base URL, as that server's narinfo says
  curl --silent --fail "${url[$1]}/$(hash_of "$2").narinfo" | sed -n 's/^URL: //p'
}

# The request lists of a server, as files.
make_requests() { # server
  local directory=$run/requests/$1
  rm -rf "$directory"
  mkdir -p "$directory/narinfos"
  sed 's|^/nix/store/||; s|-.*|.narinfo|' "$home/paths/small" >"$directory/list"
  fetch_all "${url[$1]}" "$directory/list" "$directory/narinfos"
  sed 's|^|/|' "$directory/list" >"$directory/hit"
  seq 100 | sed 's|.*|printf /%032d.narinfo\\\\n &|' | sh >"$directory/miss"
  echo /nix-cache-info >"$directory/info"
  sed -s -n 's|^URL: |/|p' "$directory"/narinfos/*.narinfo >"$directory/small"
  echo "/$(hash_of tiny-files).ls" >"$directory/listing"
  echo "/$(nar_url "$1" random)" >"$directory/random"
}

# --- Measuring ---------------------------------------------------------------------------------------------------------------------

process_family() { # server: its processes and their children
  local parent
  for parent in ${processes[$1]}; do
    printf '%s\n' "$parent"
    cat "/proc/$parent/task/"*/children 2>/dev/null || true
  done
}

# CPU time so far of a server's processes and their children that live, in nanoseconds: the kernel's clock of each process, whose number
# for clock_gettime(2) is (~process << 3) | 2. /proc tells hundredths of a second, and a download of 100 MB takes one.
cpu_time() { # server
  # shellcheck disable=SC2046
  perl -MTime::HiRes=clock_gettime -e '$sum += clock_gettime(-8 * $_ - 6) for @ARGV; printf "%.0f", $sum * 1e9' $(process_family "$1")
}

record_load() { # work server unit cost rate p50 p99
  (IFS=$'\t'; printf '%s\n' "load	$*") >>"$record"
}

# Small answers: CPU µs per request.
measure_requests() { # work list expected-status [header value]
  local work=$1 list=$2 expected=$3 round server before after line
  wanted "$work" || return 0
  note "$work"
  for round in $(seq 0 "$rounds"); do
    for server in "${servers[@]}"; do
      before=$(cpu_time "$server")
      line=$(REQUESTS="$run/requests/$server/$list" HEADER=${4:-} VALUE=${5:-} wrk --threads 1 --connections 32 --duration "${seconds}s" --latency \
        --script "$tools/requests.lua" "${url[$server]}" | grep '^BENCH ') || die "wrk failed with $server."
      after=$(cpu_time "$server")
      read -r _ requests _ microseconds p50 p99 failed broken <<<"$line"
      [ "$broken" = 0 ] || note "  $server: $broken connections failed"
      if [ "$expected" = 404 ] && [ "$failed" != "$requests" ]; then note "  $server: $((requests - failed)) answers are not errors"; fi
      if [ "$expected" != 404 ] && [ "$failed" != 0 ]; then note "  $server: $failed answers are errors"; fi
      # The first round warms up.
      [ "$round" = 0 ] || record_load "$work" "$server" "µs" \
        "$(awk -v t=$((after - before)) -v n="$requests" 'BEGIN { print n ? t / 1e3 / n : 0 }')" \
        "$(awk -v n="$requests" -v t="$microseconds" 'BEGIN { print n * 1e6 / t }')" "$p50" "$p99"
    done
  done
}

# Large answers: CPU s per GB of NAR, also where less goes over the wire; of a file that nginx has too, per GB of that.
measure_download() { # work name gigabytes-a-round file-at-nginx [curl arguments]
  local work=$1 name=$2 amount=$3 file=$4 round server address size times before after start end urls bytes
  shift 4
  wanted "$work" || return 0
  note "$work"
  for round in $(seq 0 "$rounds"); do
    for server in "${servers[@]}"; do
      address=${url[$server]}/$(nar_url "$server" "$name")
      [ "$server" != nginx ] || [ -z "$file" ] || address=${url[nginx]}/$file
      size=$(stat --dereference --format %s "$home/www/${file:-$(nar_url nginx "$name")}")
      # The first round warms up. The runtime of ours compiles meanwhile: of a stored file, which is sent at 5 GB/s, for 10 GB.
      times=$(awk -v a="$([ "$round" = 0 ] && [ -n "$file" ] && echo 10 || echo "$amount")" -v s="$size" \
        'BEGIN { n = int(a * 1e9 / s); print n < 1 ? 1 : n }')
      urls=()
      for _ in $(seq "$times"); do urls+=(--output /dev/null "$address"); done
      before=$(cpu_time "$server") start=$(date +%s%N)
      curl --silent --fail "$@" "${urls[@]}" || { note "  $server does not serve it"; continue; }
      end=$(date +%s%N) after=$(cpu_time "$server") bytes=$((size * times))
      [ "$round" = 0 ] || record_load "$work" "$server" "s/GB" \
        "$(awk -v t=$((after - before)) -v n="$bytes" 'BEGIN { print n ? t / n : 0 }')" \
        "$(awk -v n="$bytes" -v t=$((end - start)) 'BEGIN { print n / 1e6 / (t / 1e9) }')" 0 0
    done
  done
}

# A NAR that is compressed, stored and sent: CPU s per GB of NAR, of which nothing is stored beforehand.
measure_making() { # work server name directory
  local work=$1 server=$2 name=$3 directory=$4 round size before after start
  note "$work"
  size=$(stat --format %s "$home/www/$(nar_url nginx "$name")")
  for round in 0 1 2; do
    [ -z "$quick" ] || [ "$round" != 2 ] || break
    rm -f "$directory"/*.zst
    before=$(cpu_time "$server") start=$(date +%s%N)
    curl --silent --fail --output /dev/null "${url[$server]}/$(nar_url "$server" "$name")" || { note "  $server does not serve it"; return 0; }
    # The file gets its name when it is on the disk.
    until compgen -G "$directory/*.zst" >/dev/null; do sleep 0.05; done
    after=$(cpu_time "$server")
    [ "$round" = 0 ] || record_load "$work" "$server" "s/GB" \
      "$(awk -v t=$((after - before)) -v n="$size" 'BEGIN { print t / n }')" \
      "$(awk -v n="$size" -v t=$(($(date +%s%N) - start)) 'BEGIN { print n / 1e6 / (t / 1e9) }')" 0 0
  done
}

record_single() { # title what value
  printf 'single\t%s\t%s\t%s\n' "$@" >>"$record"
}

# Servers of ours with other settings than the default.
measure_zstd() {
  local work="zstd made while it is sent" stored="stored zstd" making="zstd made to be stored" once=1
  [ -z "$quick" ] || once=0.1
  if wanted "$work"; then
    start_harmonia harmonia-zstd 'enable_compression = true' || die "harmonia-cache does not start: see $run/harmonia-zstd."
    local -a servers=(harmonia-zstd)
    measure_download "$work: text" text "$once" '' --header 'Accept-Encoding: zstd'
    measure_download "$work: binaries" binaries "$once" '' --header 'Accept-Encoding: zstd'
  fi
  wanted "$making" || wanted "$stored" || return 0
  start_harmonia harmonia-stored "[nar_cache]
directory = \"$run/harmonia-stored/nars\"
max_size = 10000000000" || die "harmonia-cache does not start: see $run/harmonia-stored."
  if wanted "$making"; then
    measure_making "$making: text" harmonia-stored text "$run/harmonia-stored/nars"
    [ -n "$quick" ] || measure_making "$making: binaries" harmonia-stored binaries "$run/harmonia-stored/nars"
  fi
  wanted "$stored" || return 0
  local -a servers=(nginx harmonia-stored)
  share_stored text
  measure_download "$stored: text" text "$gigabytes" stored/text
  share_stored binaries
  measure_download "$stored: binaries" binaries "$gigabytes" stored/binaries
}

share_stored() { # name: has nginx serve the file that harmonia-stored has of it, as stored/NAME
  local address nar_hash file
  address=$(nar_url harmonia-stored "$1")
  nar_hash=${address##*-}
  curl --silent --fail --output /dev/null "${url[harmonia-stored]}/$address"
  mkdir -p "$home/www/stored"
  for _ in $(seq 600); do
    for file in "$run/harmonia-stored/nars/${nar_hash%.nar.zst}"-*.zst; do [ ! -e "$file" ] || break 2; done
    sleep 0.05
  done
  ln --symbolic --force --no-dereference "$file" "$home/www/stored/$1"
}

# What `nix-store --dump` itself costs, and the pipe into zstd.
measure_dumps() {
  local round real=$store
  wanted "nix-store --dump" || return 0
  note "nix-store --dump"
  local title="nix-store --dump, CPU s per GB of NAR" tiny text tiny_size text_size
  tiny=$real/$(basename "$(path_of tiny-files)") text=$real/$(basename "$(path_of text)")
  tiny_size=$(stat --format %s "$home/www/$(nar_url nginx tiny-files)") text_size=$(stat --format %s "$home/www/$(nar_url nginx text)")
  for round in $(seq 0 "$rounds"); do
    local cost
    cost=$(TIMEFORMAT='%U %S'; { time for _ in 1 2 3 4 5; do nix-store --dump "$tiny"; done >/dev/null; } 2>&1 | awk -v n=$((5 * tiny_size)) '{ print ($1 + $2) / (n / 1e9) }')
    [ "$round" = 0 ] || record_single "$title" "20,000 tiny files" "$cost"
    [ "$round" -le 2 ] || continue
    cost=$(TIMEFORMAT='%U %S %R'; { time nix-store --dump "$text" | zstd --quiet -1 --threads=1 >/dev/null; } 2>&1 | awk -v n="$text_size" '{ print ($1 + $2) / (n / 1e9) }')
    [ "$round" = 0 ] || record_single "$title" "500 MB of text, \`| zstd -1\`" "$cost"
  done
}

resident() { # server: MB of all its processes
  local process
  for process in $(process_family "$1"); do cat "/proc/$process/status" 2>/dev/null || true; done |
    awk '/^VmRSS/ { sum += $2 } END { print sum / 1000 }'
}

# The most memory while a number of clients download.
peak_resident() { # server clients name curl-arguments
  local server=$1 clients=$2 address most=0 now client i
  local -a group=()
  address=${url[$server]}/$(nar_url "$server" "$3")
  shift 3
  for ((i = 0; i < clients; i++)); do
    curl --silent --output /dev/null --max-time 8 "$@" "$address" &
    group+=($!)
  done
  for _ in $(seq "$samples"); do
    now=$(resident "$server")
    most=$(awk -v a="$most" -v b="$now" 'BEGIN { print (a > b ? a : b) }')
    sleep 0.3
  done
  for client in "${group[@]}"; do kill "$client" 2>/dev/null || true; wait "$client" 2>/dev/null || true; done
  printf '%s' "$most"
}

measure_memory() {
  local server title="resident memory of all processes, MB"
  wanted "memory" || return 0
  note "memory"
  start_harmonia harmonia-fresh 'enable_compression = true' || die "harmonia-cache does not start: see $run/harmonia-fresh."
  curl --silent --output /dev/null "${url[harmonia-fresh]}/$(hash_of text).narinfo"
  for server in nginx harmonia-fresh "${servers[@]:2}"; do
    record_single "$title" "${server%-fresh}: idle" "$(resident "$server")"
    record_single "$title" "${server%-fresh}: 16 zstd downloads" "$(peak_resident "$server" 16 text --header 'Accept-Encoding: zstd')"
    record_single "$title" "${server%-fresh}: 32 slow zstd downloads" "$(peak_resident "$server" 32 text --header 'Accept-Encoding: zstd' --limit-rate 50K)"
    record_single "$title" "${server%-fresh}: 32 slow downloads" "$(peak_resident "$server" 32 random --limit-rate 50K)"
  done
}

measure_copies() {
  local round server start room target="$run/copy"
  local title="nix copy of $copied small paths and the large ones, wall s" times=3
  local -a order paths names=("${large[@]}")
  wanted "nix copy" || return 0
  note "nix copy"
  # In memory if there is room, so that the disk does not decide.
  room=$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -n 1) || room=0
  if [ "$room" -gt 6000 ]; then target=$(mktemp -d /dev/shm/harmonia-bench.XXXXXX); fi
  if [ -n "$quick" ]; then names=(tiny-files) times=1 title="nix copy of $copied small paths and the tiny files, wall s"; fi
  mapfile -t paths < <(head -n "$copied" "$home/paths/small"; for name in "${names[@]}"; do path_of "$name"; done)
  for round in $(seq "$times"); do
    order=("${servers[@]}")
    # Who comes first finds an emptier disk.
    if ((round % 2)); then mapfile -t order < <(printf '%s\n' "${servers[@]}" | tac); fi
    for server in "${order[@]}"; do
      [ ! -e "$target" ] || { chmod -R u+w "$target"; rm -rf "$target"; }
      mkdir -p "$target"
      # What was deleted and written before is not this server's.
      sync
      start=$(date +%s%N)
      (nix_environment; export XDG_CACHE_HOME=$target/cache
        printf '%s\n' "${paths[@]}" | xargs nix --extra-experimental-features nix-command copy --no-check-sigs --from "${url[$server]}" --to "local?root=$target/root") \
        >"$run/copy.log" 2>&1 || { note "  $server: nix copy failed, see $run/copy.log"; continue; }
      record_single "$title" "$server" "$(awk -v t=$(($(date +%s%N) - start)) 'BEGIN { print t / 1e9 }')"
    done
  done
  chmod -R u+w "$target"
  rm -rf "$target"
}

measure_all() {
  local gigabytes=4
  [ -z "$quick" ] || gigabytes=1
  measure_requests "narinfo hit" hit 200
  measure_requests "narinfo miss, repeated" miss 404
  measure_requests "nix-cache-info" info 200
  measure_requests "small NAR, hot" small 200
  measure_requests ".ls of 20,000 files, hot" listing 200
  measure_requests "range at 99 % of a 500 MB NAR" random 206 Range bytes=495000000-495000999
  measure_download "NAR of large binaries" binaries "$gigabytes" ''
  measure_download "NAR of one 500 MB file" random "$gigabytes" ''
  measure_download "NAR of 20,000 tiny files" tiny-files 0.4 ''
  measure_zstd
  measure_dumps
  measure_copies
  measure_memory
}

report() {
  local tables
  stop_servers
  tables=$(LC_ALL=C awk -v yardstick="$yardstick" -f "$tools/report.awk" "$record")
  printf '%s\n' "$tables"
  [ -z "$output" ] || printf '%s\n' "$tables" >"$output"
}

# shellcheck source=Harmonia.Tests/Benchmarks/Servers/daemon.sh
if [ "$yardstick" = nix-daemon ]; then source "$tools/daemon.sh"; measure_all() { measure_daemons; }; fi
if [ -n "$names_only" ]; then measure_all; exit; fi
mkdir -p "$run"
: >"$record"
install_tools
make_store
build
if [ -n "$alone" ]; then
  # shellcheck source=Harmonia.Tests/Benchmarks/Servers/alone.sh
  source "$tools/alone.sh"
  "measure_${alone}_alone"
  report
  exit
fi
if [ "$yardstick" = nix-daemon ]; then
  prepare_daemons
  measure_all
  report
  exit
fi
start_harmonia harmonia || die "harmonia-cache does not start: see $run/harmonia."
make_static
start_nginx
servers=(nginx harmonia)
for peer in ${peers[@]+"${peers[@]}"}; do
  IFS='=' read -r name address process <<<"$peer"
  [[ $process =~ ^[0-9]+$ ]] || die "--peer takes NAME=URL=PID, not $peer."
  servers+=("$name")
  url[$name]=${address%/}
  processes[$name]=$process
  await_url "${url[$name]}" "$process"
done
for server in "${servers[@]}"; do make_requests "$server"; done
measure_all
report
