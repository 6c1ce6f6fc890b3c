#!/usr/bin/env bash
# Deploys a release; "fi" and "}" in strings and here-documents close nothing.
set -euo pipefail

readonly NAMESPACE="${NAMESPACE:-shop}"
declare -A IMAGES=([web]="shop/web" [worker]="shop/worker")

usage() {
  cat <<'USAGE'
usage: deploy.sh VERSION
  { deploys all images; }
fi
USAGE
  exit 2
}

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" >&2; }

manifest() {
  local name="$1" image="$2"
  cat <<MANIFEST
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${NAMESPACE}}
spec:
  template: {spec: {containers: [{name: main, image: "${image}"}]}}
MANIFEST
}

function await_rollout {
  local name="$1" tries=0
  until kubectl -n "$NAMESPACE" rollout status "deployment/$name" --timeout=10s; do
    tries=$((tries + 1))
    if [[ $tries -ge 6 ]]; then
      log "gave up on $name }"
      return 1
    fi
  done
}

main() {
  [[ $# -eq 1 ]] || usage
  local version="$1" name
  for name in "${!IMAGES[@]}"; do
    case "$name" in
      web) log "the web: ${version#v}" ;;
      *) log "another: $name" ;;
    esac
    manifest "$name" "${IMAGES[$name]}:$version" | kubectl apply -f -
    await_rollout "$name"
  done
}

main "$@"
