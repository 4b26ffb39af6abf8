#!/bin/sh
# A step of a pipeline that only verifies: every picture of a folder must carry my mark, and none
# of the submissions may copy one of my works. Usage: verify_pipeline.sh PROTECTED SUBMISSIONS
set -u

ocguard -q detect --missing --json "$1" >marks.jsonl
case $? in
0) echo "all $(wc -l <marks.jsonl) pictures carry the mark" ;;
1) grep -v '"verdict": "found"' marks.jsonl; echo "these do not carry the mark" >&2; exit 1 ;;
*) echo "some pictures could not be read, see marks.jsonl" >&2; exit 3 ;;
esac

ocguard -q check --json "$2" >suspects.jsonl
case $? in
0) echo "no submission copies a registered work" ;;
1) echo "copies found, see suspects.jsonl" >&2; exit 1 ;;
*) echo "some submissions could not be checked, see suspects.jsonl" >&2; exit 3 ;;
esac
