#!/usr/bin/env bash
# Records anew what real Nix clients and daemons say to each other. See worker-protocol/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

HARMONIA_RECORD_WORKER_PROTOCOL=$PWD/worker-protocol dotnet test .. --filter 'FullyQualifiedName~RealPeersTests'
