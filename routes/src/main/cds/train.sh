#!/usr/bin/env bash
# Makes the class data archive with which the gateway starts in a fraction of the time: runs it once against a broker of its own, with one
# route of each kind and no device, and lets the JVM write down what it has loaded.
# Without the archive the gateway starts as well, only slower: a training run that fails never fails the build.
set -euo pipefail

dist=$1      # routes/target/dist
broker=$2    # broker/target/dist
here=$(cd "$(dirname "$0")" && pwd)
archive=$dist/gateway.jsa
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if [ ! -d "$broker/lib" ]; then
  echo "No class data archive: the broker is not built ($broker)."
  exit 0
fi
if [ -f "$archive" ] && [ -z "$(find "$dist/lib" -name '*.jar' -newer "$archive" -print -quit)" ]; then
  exit 0
fi

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

wait_for() { # seconds file text
  for _ in $(seq $(($1 * 5))); do
    grep -q "$3" "$2" 2>/dev/null && return 0
    sleep 0.2
  done
  return 1
}

kafka=$(free_port)
controller=$(free_port)
registry=$(free_port)
rm -f "$archive"
"$java" -Xmx256m -cp "$broker/lib/*" io.streamforge.broker.Broker --detached --data "$work/broker" \
  --port "$kafka" --controller-port "$controller" --registry-port "$registry" >"$work/broker.log" 2>&1 &
pids+=($!)
if ! wait_for 60 "$work/broker.log" READY; then
  echo "No class data archive: the broker did not start. $(tail -n 1 "$work/broker.log")"
  exit 0
fi

# The archive must be written with the options it is read with, but for its own.
grep -v '^-XX:SharedArchiveFile' "$dist/gateway.jvmoptions" >"$work/jvmoptions"
"$java" "@$work/jvmoptions" -XX:ArchiveClassesAtExit="$archive" -cp "$dist/lib/*" io.streamforge.routes.Gateway \
  --name training --data "$work/gateway" --bootstrap "127.0.0.1:$kafka" --registry "http://127.0.0.1:$registry" \
  --plan "$here/plan.json" --http-port 0 >"$work/gateway.log" 2>&1 &
gateway=$!
pids+=("$gateway")
if ! wait_for 90 "$work/gateway.log" "Runs a new plan"; then
  echo "No class data archive: the training run did not get to its plan. $(tail -n 1 "$work/gateway.log")"
  exit 0
fi
sleep 4
kill "$gateway"
wait "$gateway" || true
if [ -f "$archive" ]; then
  touch "$archive"
  echo "Class data archive: $(($(stat -c %s "$archive") / 1048576)) MiB."
else
  echo "No class data archive: $(tail -n 1 "$work/gateway.log")"
fi
