#!/bin/sh
# Protect a folder, make sure of the marks, only then upload it. Usage: upload.sh URL FOLDER
# Each goes to URL/NAME by PUT. A token, where one is needed, stands in the variable UPLOAD_TOKEN.
# Exit codes: those of ocguard and curl. Nothing is uploaded before all pictures carry my mark, nor
# where the folder has folders in it: pictures of one name would become one. Upload each by itself.
set -eu

[ $# -eq 2 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }

ready=$(mktemp -d) # of this run alone: what an earlier one left is not uploaded again
trap 'rm -rf "$ready"' EXIT
ocguard -q protect "$2" --out "$ready"
ocguard -q detect --missing "$ready"
[ -z "$(find "$ready" -mindepth 1 -type d)" ] || { echo "$2 has folders in it" >&2; exit 2; }
for picture in "$ready"/*; do
  # the token goes through a pipe: every account can read what stands on a command line
  printf 'header = "Authorization: Bearer %s"\n' "${UPLOAD_TOKEN-}" |
    curl --config - --globoff --fail --silent --show-error --upload-file "$picture" "${1%/}/"
  echo "uploaded ${picture##*/}"
done
