# What the scripts of this folder share; sourced, with $repository set.
# shellcheck shell=bash

set -m # every job is a process group of its own, so that it can be ended as a whole
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
# Art that lies beside the clone is found although the tests run on a copy.
if [[ -z ${OCGUARD_BENCH_ART:-} && -d $repository/../shared/art ]]; then
    export OCGUARD_BENCH_ART=$repository/../shared/art
fi
in_parallel='-n auto'

work=$(mktemp -d)
child=
ending=TERM # the signal that ends a command which still runs when the script ends
clean_up() {
    if [[ -n $child ]]; then
        kill "-$ending" -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n== %s\n' "$*"; }

# Run a command that ends when this script ends, however that happens.
watched() {
    local code=0
    "$@" &
    child=$!
    wait "$child" || code=$?
    child=
    return "$code"
}

install_packages() {
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        echo "please install: $*" >&2
        return 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Print the fenced commands that follow the marker <!-- ci: NAME --> in the README.
readme_command() {
    awk -v marker="<!-- ci: $1 -->" '
        $0 == marker { wanted = 1; next }
        wanted && /^```/ { if (inside) exit; inside = 1; next }
        inside { print; found = 1 }
        END { exit !found }' "$repository/README.md" ||
        { echo "the README has no command '$1'" >&2; return 1; }
}

# Copy the clone as it is, but for its history and its caches.
copy_tree() {
    mkdir -p "$1"
    tar -C "$repository" --exclude=./.git --exclude=./.venv --exclude='./.*_cache' -cf - . |
        tar -C "$1" -xf -
}
