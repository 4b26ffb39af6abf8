#!/bin/sh
# A step of a pipeline that only verifies: every picture of a folder must carry my mark, and none
# of the submissions may copy one of my works. Usage: verify_pipeline.sh PROTECTED SUBMISSIONS
# Exit codes: 0 all is well, 1 a finding, 2 wrong usage, 3 unreadable pictures, 4 no secret key.
set -u

[ $# -eq 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }

ocguard -q detect --missing --json "$1" >marks.jsonl
case $? in
0) [ -s marks.jsonl ] || { echo "there are no pictures in $1" >&2; exit 2; }
  echo "all $(wc -l <marks.jsonl) pictures carry the mark" ;;
1) grep -v '"verdict": "found"' marks.jsonl; echo "these do not carry the mark" >&2; exit 1 ;;
2) echo "ocguard was called wrongly, see above" >&2; exit 2 ;;
*) if grep -q '"error": ".*secret key' marks.jsonl; then
    echo "without the secret key no mark is read: ocguard profile key import FILE" >&2; exit 4
  fi
  echo "some pictures could not be read, see marks.jsonl" >&2; exit 3 ;;
esac

ocguard -q check --json "$2" >suspects.jsonl
case $? in
0) echo "no submission copies a registered work" ;;
1) echo "copies found, see suspects.jsonl" >&2; exit 1 ;;
2) echo "ocguard was called wrongly, see above" >&2; exit 2 ;;
*) echo "some submissions could not be checked, see suspects.jsonl" >&2; exit 3 ;;
esac
