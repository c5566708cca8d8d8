#!/bin/bash
# How long writes stop when a master dies; see README.md. Three `weed server` on this machine, plain curl through a
# surviving master. Each round kills the leader with its volume server (kill -9, then SIGTERM in as many rounds), and takes
# the time to the next acknowledged write; then the server is started again and everything waits until all is well.
#
#   ./bench failover [-rounds=30] [-port=14333]     ports from this one on must be free: 6, and 6 more at + 10000
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=30
port=14333
for option in "$@"; do
  case $option in
    -rounds=*) rounds=${option#*=} ;;
    -port=*) port=${option#*=} ;;
    *) echo "failover: unknown option $option; expected -rounds=<n> or -port=<p>" >&2; exit 2 ;;
  esac
done
work=$(mktemp -d)
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT

master() { echo "localhost:$((port + $1))"; }
peers=$(master 0),$(master 1),$(master 2)

start() {
  "$root/weed" server -master.ip=localhost -master.port=$((port + $1)) -dir="$work/$1" -volume.port=$((port + 3 + $1)) \
    -volume.preStopSeconds=0 -master.peers="$peers" >>"$work/$1.log" 2>&1 &
  pids[$1]=$!
  disown
}

now() { date +%s%N; }

# Milliseconds since a time of now.
since() { echo $((($(now) - $1) / 1000000)); }

# One file through a master, all the way: an id, and its bytes acknowledged.
write() {
  local answer file
  answer=$(curl -s -m 12 "http://$1/dir/assign")
  file=$(sed -n 's/.*"fid":"\([^"]*\)","url":"\([^"]*\)".*/\2\/\1/p' <<<"$answer")
  [ -n "$file" ] && [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' -F file=@"$root/README.md" "http://$file")" = 201 ]
}

await_write() {
  until write "$1"; do sleep 0.02; done
}

leader() {
  local i
  for i in 0 1 2; do
    curl -s -m 2 "http://$(master $i)/cluster/status" | grep -q '"IsLeader":true' && echo $i && return
  done
}

# All masters list all volume servers, none of them only presumed.
await_well() {
  local i tree
  for i in 0 1 2; do
    until tree=$(curl -s -m 2 "http://$(master $i)/dir/status") && ! grep -q presumed <<<"$tree" \
        && [ "$(grep -o "localhost:[0-9]*\"" <<<"$tree" | sort -u | wc -l)" -ge 3 ]; do
      sleep 0.1
    done
  done
  sleep 1
}

# How often a signal, and the label of its row.
measure() {
  local signal=$1 label=$2 times=() round first other began
  for ((round = 0; round < rounds; round++)); do
    first=$(leader)
    other=$(((first + 1) % 3))
    kill -"$signal" "${pids[first]}"
    began=$(now)
    await_write "$(master $other)"
    times+=("$(since "$began")")
    while kill -0 "${pids[first]}" 2>/dev/null; do sleep 0.05; done
    start "$first"
    await_well
  done
  printf '%s\n' "${times[@]}" | sort -n | awk -v label="$label" '{ ms[NR] = $1 } END {
    median = NR % 2 ? ms[(NR + 1) / 2] : (ms[NR / 2] + ms[NR / 2 + 1]) / 2
    printf "| %s | %d | %d ms | %d ms | %d ms |\n", label, NR, ms[1], median, ms[NR] }'
}

"$root/weed" version >/dev/null || exit 1
began=$(now)
for i in 0 1 2; do start $i; done
until curl -s -m 12 "http://$(master 1)/dir/assign" | grep -q '"fid"'; do sleep 0.05; done
fresh=$(since "$began")
await_well
echo "| | rounds | least | median | most |"
echo "|---|---:|---:|---:|---:|"
echo "| fresh cluster to its first id | 1 | | $fresh ms | |"
measure KILL "leader killed (-9) with its volume server, to the next write"
measure TERM "leader stopped (SIGTERM) with its volume server, to the next write"
