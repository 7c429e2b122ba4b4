# shellcheck shell=bash
# ./bench.sh memory and ./bench.sh start: what both programs need by themselves, with default settings. Part of bench.sh, which reads it.

many_paths=15000

# Paths beyond those that the other works ask for, in a list of their own.
make_many() {
  [ ! -s "$home/many" ] || return 0
  note "Adding $many_paths small paths, once ..."
  cat >"$home/many.nix" <<NIX
    let
      text = builtins.concatStringsSep "\n" (builtins.genList (line: "line \${toString line} of a small file, like a script or a wrapper") 120);
      references = i: if i < 3 then "" else "\${at (i / 2)} \${at (i / 3)} \${at (i - 1 - i / 50)}";
      at = builtins.elemAt all;
      all = builtins.genList (i: builtins.toFile "many-\${toString i}" "\${toString i} \${references i}\n\${text}") $many_paths;
    in builtins.concatStringsSep "\n" (map builtins.unsafeDiscardStringContext all)
NIX
  (nix_environment; nix-instantiate --eval --read-write-mode --json "$home/many.nix") | jq -r . >"$home/many"
}

# A load of 32 connections for some seconds, each request for another path.
ask_for() { # seconds list [header value]
  REQUESTS=$run/alone/$2 HEADER=${3:-} VALUE=${4:-} wrk --threads 1 --connections 32 --duration "${1}s" --script "$tools/requests.lua" \
    "${url[harmonia-alone]}" >/dev/null
}

restart_alone() { # settings: without memory of what was asked before
  stop_servers
  start_harmonia harmonia-alone "${1:-}" || die "harmonia-cache does not start: see $run/harmonia-alone."
}

measure_memory_alone() {
  local title="resident memory of both programs, MB" server=harmonia-alone mixed=300 most=0 now list _
  local -a loads=()
  [ -z "$quick" ] || mixed=30
  make_many
  restart_alone 'enable_compression = true'
  curl --silent --output /dev/null "${url[$server]}/$(hash_of text).narinfo"
  record_single "$title" "idle, first answer given" "$(resident "$server")"
  # The programs look every 10 s whether they are idle.
  sleep 21
  record_single "$title" "idle for 20 s" "$(resident "$server")"
  record_single "$title" "16 zstd downloads" "$(peak_resident "$server" 16 text --header 'Accept-Encoding: zstd')"
  record_single "$title" "32 zstd downloads" "$(peak_resident "$server" 32 text --header 'Accept-Encoding: zstd')"
  record_single "$title" "32 slow zstd downloads" "$(peak_resident "$server" 32 text --header 'Accept-Encoding: zstd' --limit-rate 50K)"
  restart_alone
  record_single "$title" "32 slow downloads" "$(peak_resident "$server" 32 random --limit-rate 50K)"

  restart_alone 'enable_compression = true'
  mkdir -p "$run/alone/narinfos"
  sed 's|^/nix/store/||; s|-.*|.narinfo|' "$home/many" >"$run/alone/list"
  fetch_all "${url[$server]}" "$run/alone/list" "$run/alone/narinfos"
  sed 's|^|/|' "$run/alone/list" >"$run/alone/narinfo"
  sed 's|^|/|; s|narinfo$|ls|' "$run/alone/list" >"$run/alone/ls"
  sed -s -n 's|^URL: |/|p' "$run"/alone/narinfos/*.narinfo >"$run/alone/nar"
  record_single "$title" "after $many_paths narinfos" "$(resident "$server")"
  ask_for 10 nar
  record_single "$title" "after small NARs of $many_paths paths" "$(resident "$server")"
  for list in narinfo nar ls; do ask_for "$mixed" "$list" & loads+=($!); done
  ask_for "$mixed" nar Accept-Encoding zstd & loads+=($!)
  for _ in $(seq $((mixed - 2))); do
    sleep 1
    now=$(resident "$server")
    most=$(awk -v a="$most" -v b="$now" 'BEGIN { print (a > b ? a : b) }')
  done
  wait "${loads[@]}"
  record_single "$title" "$mixed s of narinfos, small NARs, zstd and .ls, the most" "$most"
  sleep 60
  record_single "$title" "a minute after it" "$(resident "$server")"
}

# Both at once, as systemd starts them; asked every half millisecond until a narinfo comes. Wall time, and CPU time of both.
measure_start_alone() {
  local directory=$run/harmonia-alone times=21 hash
  [ -z "$quick" ] || times=5
  hash=$(hash_of text)
  restart_alone
  stop_servers
  perl - "$run/programs" "$directory" "${url[harmonia-alone]##*:}" "$hash" "$times" <<'PERL' >>"$record"
    use strict; use warnings; use IO::Socket::INET; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC usleep);
    my ($programs, $directory, $port, $hash, $times) = @ARGV;
    sub start { my ($name, $file) = @_; my $pid = fork // die; return $pid if $pid;
      open STDERR, '>', '/dev/null'; exec "$programs/$name", '--config', "$directory/$file"; die }
    for my $round (0 .. $times) {
      unlink "$directory/daemon.socket";
      my $begin = clock_gettime(CLOCK_MONOTONIC);
      my @pids = (start('harmonia-daemon', 'daemon.toml'), start('harmonia-cache', 'cache.toml'));
      for (;;) {
        my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 5);
        my $answer = '';
        if ($socket) { print $socket "GET /$hash.narinfo HTTP/1.1\r\nHost: bench\r\n\r\n"; sysread $socket, $answer, 4096 }
        last if $answer =~ m{^HTTP/1.1 200};
        die "No answer within 30 s.\n" if clock_gettime(CLOCK_MONOTONIC) - $begin > 30;
        usleep 500;
      }
      my $wall = clock_gettime(CLOCK_MONOTONIC) - $begin;
      my $cpu = 0; $cpu += clock_gettime(-8 * $_ - 6) for @pids;
      # The first one reads the programs from the disk.
      printf "single\tstart to first answer, both programs, ms\t%s\t%.1f\n", @$_ for $round ? (['wall time', $wall * 1e3], ['CPU time', $cpu * 1e3]) : ();
      kill TERM => @pids; waitpid $_, 0 for @pids;
    }
PERL
}
