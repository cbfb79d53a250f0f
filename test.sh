#!/usr/bin/env bash
# Everything that must hold, from a fresh checkout on Debian with the .NET SDK and nothing else:
# installs what the tests use, builds with warnings as errors, runs all tests (SQLite, a private MariaDB, Chromium),
# each benchmark once, the checks of the API document, and the site before a browser and the validators. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

passed=0 failed=0
failures=$(mktemp)
finish() {
  echo
  # Again at the end: where a log is cut, this is what is left of it.
  cat "$failures"
  rm -f "$failures"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# step "what holds" command…
step() {
  local what=$1 started=$SECONDS
  shift
  echo "== $what"
  if "$@"; then
    passed=$((passed + 1))
    echo "== ok ($((SECONDS - started)) s)"
  else
    failed=$((failed + 1))
    echo "== FAILED: $what ($((SECONDS - started)) s)"
    return 1
  fi
}

root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

install_tools() {
  local packages=()
  [ -x /usr/sbin/mariadbd ] || command -v mariadbd >/dev/null || packages+=(mariadb-server)
  command -v chromium >/dev/null || packages+=(chromium)
  command -v xmllint >/dev/null || packages+=(libxml2-utils)
  command -v wrk >/dev/null || packages+=(wrk)
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
  command -v java >/dev/null || packages+=(default-jre-headless)
  [ -x /usr/sbin/dovecot ] || command -v dovecot >/dev/null || packages+=(dovecot-imapd)
  [ ${#packages[@]} -gt 0 ] || return 0
  # Packages are for the tests, which start private servers; the machine shall not get new services.
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | root tee $policy >/dev/null
    root chmod +x $policy
    trap 'root rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  root apt-get -q update && root env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${packages[@]}"
}

# Adds the tests' own counts; a skipped test and a run without tests are failures. In several processes: one that has
# started so many services spends its time on their remains.
run_tests() {
  local log total bad
  log=$(mktemp)
  timeout 10m dotnet test -c Release --no-build --no-progress --solution AffiliateSidecar.sln -- "$@" 2>&1 | tee "$log"
  local code=${PIPESTATUS[0]}
  # Nothing where the run broke off before it counted.
  count() { local n; n=$(sed -n "s/^  *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1); echo "${n:-0}"; }
  total=$(count total) bad=$(( $(count failed) + $(count skipped) ))
  passed=$((passed + $(count succeeded)))
  failed=$((failed + bad))
  grep -A 15 '^failed ' "$log" | cut -c 1-300 >>"$failures"
  rm -f "$log"
  if [ "$total" -eq 0 ]; then
    echo "No test ran."
    failed=$((failed + 1))
  elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "The test run ended with $code."
    failed=$((failed + 1))
  fi
}

build() { dotnet restore AffiliateSidecar.sln && dotnet build -c Release --no-restore AffiliateSidecar.sln; }

# Beside the tests, which wait for servers a quarter of their time: briefly run, benchmarks ask for no speed.
benchmarks_log=$(mktemp)
start_benchmarks() {
  timeout 10m dotnet run -c Release --no-build --project tests/AffiliateSidecar.Benchmarks -- --test >"$benchmarks_log" 2>&1 &
  benchmarks=$!
}
benchmarks() {
  wait "$benchmarks"
  local code=$?
  cat "$benchmarks_log"
  rm -f "$benchmarks_log"
  return $code
}

step "what the tests use is installed" install_tools || finish
step "it builds without a warning" build || finish
start_benchmarks
echo "== every test"
run_tests --filter-namespace 'AffiliateSidecar.Shops*'
run_tests --filter-namespace 'AffiliateSidecar.Orders*'
run_tests --filter-namespace 'AffiliateSidecar.Fraud*' --filter-namespace 'AffiliateSidecar.ProvingGround*' --filter-namespace 'AffiliateSidecar.Insights*'
run_tests --filter-namespace 'AffiliateSidecar.Site*'
run_tests --filter-namespace 'AffiliateSidecar.Http*' --filter-namespace 'AffiliateSidecar.Messages*'
run_tests --filter-not-namespace 'AffiliateSidecar.Shops*' --filter-not-namespace 'AffiliateSidecar.Orders*' \
  --filter-not-namespace 'AffiliateSidecar.Fraud*' --filter-not-namespace 'AffiliateSidecar.ProvingGround*' --filter-not-namespace 'AffiliateSidecar.Insights*' \
  --filter-not-namespace 'AffiliateSidecar.Site*' --filter-not-namespace 'AffiliateSidecar.Http*' --filter-not-namespace 'AffiliateSidecar.Messages*'
step "every benchmark runs" benchmarks
step "the API document has no lint" .ci/lint-openapi
step "the site has nothing for Nu, axe and Lighthouse to find" timeout 10m .ci/check-site
finish
