# shellcheck shell=bash
# ./bench.sh daemon: harmonia-daemon against the real nix-daemon, each with a copy of the store's database. Part of bench.sh, which reads it.
#
# The real one is Nix 2.34 of $HARMONIA_NIX_CLIENTS, as ./test.sh installs it, or the one on PATH. Both are asked by the same programs.

clients=${HARMONIA_NIX_CLIENTS:-/var/cache/nix-clients}/forky/usr/bin
[ ! -x "$clients/nix" ] || PATH=$clients:$PATH
declare -a daemons=(nix-daemon harmonia-daemon)
declare -A daemon_process=()

# Starts one on its own state, as the process $daemon, and waits until it listens.
start_daemon() { # name directory real-store state
  local name=$1 directory=$2 real=$3 state=$4
  mkdir -p "$directory"
  rm -f "$directory/socket"
  if [ "$name" = nix-daemon ]; then
    (nix_environment; export NIX_CONF_DIR=$run/etc NIX_DAEMON_SOCKET_PATH=$directory/socket
      export NIX_REMOTE="local?store=/nix/store&real=$real&state=$state&log=$state/log"
      exec nix-daemon) >"$directory/log" 2>&1 &
    daemon=$!
  else
    cat >"$directory/daemon.toml" <<TOML
socket_path = "$directory/socket"
real_store_dir = "$real"
state_dir = "$state"
log_dir = "$state/log"
log_level = "error"
TOML
    "$run/programs/harmonia-daemon" --config "$directory/daemon.toml" >"$directory/log" 2>&1 &
    daemon=$!
  fi
  started+=("$daemon")
  for _ in $(seq 600); do
    [ ! -S "$directory/socket" ] || return 0
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.05
  done
  die "$name does not start: see $directory/log."
}

copy_database() { # from-state to-state
  local suffix
  [ ! -e "$2" ] || chmod -R u+w "$2"
  rm -rf "$2"
  mkdir -p "$2/db"
  printf 10 >"$2/db/schema"
  for suffix in '' -wal; do
    [ ! -e "$1/db/db.sqlite$suffix" ] || cp "$1/db/db.sqlite$suffix" "$2/db/db.sqlite$suffix"
  done
}

# A store of paths that nobody needs, in chains of ten that refer to each other; their files are empty.
make_garbage() { # count
  local garbage=$home/garbage-$1
  [ ! -e "$garbage/made" ] || return 0
  note "Making a store of $1 paths, once ..."
  rm -rf "${garbage:?}"
  mkdir -p "$garbage/store"
  (cd "$garbage/store" && seq -f '%032.0f-garbage' "$1" | xargs touch)
  seq "$1" | awk '{
    printf "/nix/store/%032d-garbage\n%064d\n%d\n\n", $1, $1, 120
    if ($1 % 10 == 1) print 0; else printf "1\n/nix/store/%032d-garbage\n", $1 - 1
  }' | (nix_environment; export NIX_REMOTE="local?store=/nix/store&real=$garbage/store&state=$garbage/state"; nix-store --load-db)
  touch "$garbage/made"
}

# The real one takes minutes for 100,000 paths: one round, and for --quick a tenth of them.
measure_collecting() {
  local count=100000 title name start garbage
  [ -z "$quick" ] || count=10000
  title="nix-store --gc --print-dead of $count paths, wall ms"
  wanted "$title" || return 0
  note "$title"
  make_garbage "$count"
  garbage=$home/garbage-$count
  for name in "${daemons[@]}"; do
    copy_database "$garbage/state" "$run/$name/garbage/state"
    start_daemon "$name" "$run/$name/garbage" "$garbage/store" "$run/$name/garbage/state"
    start=$(date +%s%N)
    (nix_environment; export NIX_REMOTE="unix://$run/$name/garbage/socket?real=$garbage/store&state=$run/$name/garbage/state"
      nix-store --gc --print-dead) >"$run/$name/output" 2>"$run/$name/error" || die "The dry run failed with $name: see $run/$name/error."
    record_single "$title" "$name" "$(awk -v t=$(($(date +%s%N) - start)) 'BEGIN { print t / 1e6 }')"
  done
  cmp <(sort "$run/nix-daemon/output") <(sort "$run/harmonia-daemon/output") || die "The daemons' answers differ: see $run/*/output."
}

load() { # name work seconds [count]
  dotnet "$run/load/Harmonia.Benchmarks.dll" daemon-load "$run/$1/socket" "${daemon_process[$1]:-0}" "$run/paths" "$3" "$2" ${4:+"$4"}
}

# Requests of one kind on one connection at a time: CPU µs a request, by the load program's own clock.
measure_load() { # title work
  local title=$1 work=$2 round name line
  wanted "$title" || return 0
  note "$title"
  for round in $(seq 0 "$rounds"); do
    for name in "${daemons[@]}"; do
      # The first round warms up, until the runtime has compiled all it will.
      line=$(load "$name" "$work" "$((round ? seconds : 8))") || die "The load program failed with $name."
      # shellcheck disable=SC2086
      [ "$round" = 0 ] || record_load "$title" "$name" "µs" $line
    done
  done
}

# A command of Nix that asks a daemon: the wall time.
measure_command() { # title command...
  local title=$1 round name start
  shift
  wanted "$title" || return 0
  note "$title"
  for round in $(seq 0 "$rounds"); do
    for name in "${daemons[@]}"; do
      start=$(date +%s%N)
      (nix_environment; export NIX_REMOTE="unix://$run/$name/socket?real=$store&state=$run/$name/state"
        "$@") >"$run/$name/output" 2>"$run/$name/error" || die "$* failed with $name: see $run/$name/error."
      [ "$round" = 0 ] || record_single "$title" "$name" "$(awk -v t=$(($(date +%s%N) - start)) 'BEGIN { print t / 1e6 }')"
    done
    cmp "$run/nix-daemon/output" "$run/harmonia-daemon/output" || die "The daemons' answers differ: see $run/*/output."
  done
}

measure_uploads() {
  local title="nix copy --to unix:// of $copied small paths and 1 GB of large ones, wall s" times=3 round name order start target
  local -a paths large_ones=(random text)
  wanted "nix copy --to" || return 0
  note "nix copy --to"
  [ -z "$quick" ] || { times=1 large_ones=(random); title="nix copy --to unix:// of $copied small paths and 500 MB, wall s"; }
  mapfile -t paths < <(head -n "$copied" "$home/paths/small"; for name in "${large_ones[@]}"; do path_of "$name"; done)
  for round in $(seq "$times"); do
    order=("${daemons[@]}")
    if ((round % 2)); then mapfile -t order < <(printf '%s\n' "${daemons[@]}" | tac); fi
    for name in "${order[@]}"; do
      target=$scratch/$name
      (nix_environment; NIX_REMOTE="local?root=$target/root" nix-store --init)
      start_daemon "$name" "$target/daemon" "$target/root/nix/store" "$target/root/nix/var/nix"
      start=$(date +%s%N)
      (nix_environment; export XDG_CACHE_HOME=$target/cache
        printf '%s\n' "${paths[@]}" | xargs nix --extra-experimental-features nix-command copy --no-check-sigs --from "$NIX_REMOTE" \
          --to "unix://$target/daemon/socket?root=$target/root") >"$run/copy.log" 2>&1 || die "nix copy to $name failed: see $run/copy.log."
      record_single "$title" "$name" "$(awk -v t=$(($(date +%s%N) - start)) 'BEGIN { print t / 1e9 }')"
      kill -TERM "$daemon"
      wait "$daemon" || true
      chmod -R u+w "$target"
      rm -rf "$target"
    done
  done
}

proportional() { # process: MB of it and its children, shared pages shared out
  local each
  for each in "$1" $(cat "/proc/$1/task/"*/children); do cat "/proc/$each/smaps_rollup"; done | awk '/^Pss:/ { sum += $2 } END { print sum / 1000 }'
}

measure_idle() {
  local title="memory of the daemon and its children, proportional set size, MB" name before holder
  wanted "1,000 idle connections" || return 0
  note "1,000 idle connections"
  for name in "${daemons[@]}"; do
    # One that has not served anybody: else what it took before is there for them.
    copy_database "$home/root/nix/var/nix" "$run/$name/idle/state"
    start_daemon "$name" "$run/$name/idle" "$store" "$run/$name/idle/state"
    before=$(proportional "$daemon")
    coproc HOLDER { load "$name/idle" idle 0 1000; }
    holder=$HOLDER_PID
    read -r -t 120 _ <&"${HOLDER[0]}" || die "$name does not take 1,000 connections: see $run/$name/idle/log."
    record_single "$title" "$name: at rest" "$before"
    record_single "$title" "$name: with 1,000 idle connections" "$(proportional "$daemon")"
    eval "exec ${HOLDER[1]}>&-"
    wait "$holder" || true
  done
}

measure_daemons() {
  measure_load "QueryPathInfo, one at a time" round-trips
  measure_load "QueryPathInfo, 128 at a time" pipelined
  measure_load "connect and handshake" connect
  measure_load "QueryValidPaths of 5,000 paths" valid-paths
  measure_command "nix path-info --all --json, wall ms" nix --extra-experimental-features nix-command path-info --all --json
  measure_collecting
  measure_uploads
  measure_idle
}

prepare_daemons() {
  local name
  mkdir -p "$run/etc"
  printf 'build-users-group =\nsandbox = false\nsubstituters =\ntrusted-users = %s\n' "$(id -un)" >"$run/etc/nix.conf"
  cp "$home/paths/small" "$run/paths"
  # Where files land, as little of the disk as can be.
  scratch=$run/scratch
  [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -lt 4000000 ] || scratch=/dev/shm/harmonia-bench
  [ ! -e "$scratch" ] || chmod -R u+w "$scratch"
  rm -rf "$scratch"
  note "$(nix-daemon --version)"
  for name in "${daemons[@]}"; do
    copy_database "$home/root/nix/var/nix" "$run/$name/state"
    start_daemon "$name" "$run/$name" "$store" "$run/$name/state"
    daemon_process[$name]=$daemon
  done
}
