#!/usr/bin/env bash
# Drafts the exports of a failed run: reads PATHS (one a line), OUTPUT, REPO, MODEL, BASE_URL, ASSISTANT_API_KEY, MAX_COST, MAX_DRAFTS;
# writes the job's summary, annotations and outputs. A failure to draft is told and fails nothing: the run has failed already.
set -uo pipefail

options=(-o "$OUTPUT" --max-drafts "$MAX_DRAFTS" --annotations)
if [ -n "$REPO" ]; then options+=(--repo "$REPO"); fi
if [ -n "$MODEL" ] && [ -n "${ASSISTANT_API_KEY:-}${BASE_URL:-}" ]; then
  options+=(--model "$MODEL" --max-cost "$MAX_COST")
  if [ -n "$BASE_URL" ]; then options+=(--base-url "$BASE_URL"); fi
else
  options+=(--offline) # a fork has no secrets
fi

paths=()
while IFS= read -r line; do
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  if [ -z "$line" ]; then continue; fi
  if [ -e "$line" ]; then paths+=("$line"); else echo "::notice::research exports: there is no $line"; fi
done <<< "${PATHS:?give one path a line}"
if [ ${#paths[@]} -eq 0 ]; then
  echo "::warning::research exports: none of the paths is there, nothing was drafted"
  exit 0
fi

assistant draft-batch "${paths[@]}" "${options[@]}"
code=$?
if [ ! -f "$OUTPUT/index.json" ]; then
  echo "::warning::research exports: nothing was drafted (exit code $code)"
  exit 0
fi
cat "$OUTPUT/index.md" >> "${GITHUB_STEP_SUMMARY:-/dev/stdout}"
python3 - "$OUTPUT/index.json" >> "${GITHUB_OUTPUT:-/dev/stdout}" << 'END'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    index = json.load(file)
print(f"failures={index['failures']}\ncauses={len(index['clusters'])}\nindex={sys.argv[1]}")
END
