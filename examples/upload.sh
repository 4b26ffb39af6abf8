#!/bin/sh
# Protect a folder, make sure of the marks, only then upload it. Usage: upload.sh URL FOLDER
# Each goes to URL/NAME by PUT. A token, where one is needed, stands in the variable UPLOAD_TOKEN.
# Exit codes: those of ocguard and curl. Nothing is uploaded before all pictures carry my mark.
set -eu

[ $# -eq 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }

ready=$(mktemp -d) # of this run alone: what an earlier one left is not uploaded again
trap 'rm -rf "$ready"' EXIT
ocguard -q protect "$2" --out "$ready"
ocguard -q detect --missing "$ready"
for picture in "$ready"/*; do
  # the token goes through a pipe: every account can read what stands on a command line
  printf 'header = "Authorization: Bearer %s"\n' "${UPLOAD_TOKEN-}" |
    curl --config - --globoff --fail --silent --show-error --upload-file "$picture" "${1%/}/"
  echo "uploaded ${picture##*/}"
done
