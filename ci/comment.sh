#!/usr/bin/env bash
# Keeps one comment on a pull request up to date: reads SUMMARY (a Markdown file), NUMBER, RUN_URL, GITHUB_REPOSITORY; asks GitHub by `gh`.
# What cannot be written is told and fails nothing.
set -uo pipefail

marker='<!-- research-export-assistant -->'
if [ ! -f "$SUMMARY" ]; then exit 0; fi
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf '%s\n' "$marker"
  head -c 60000 "$SUMMARY"
  printf '\n\nThe exports are an artifact of [this run](%s).\n' "$RUN_URL"
} > "$body"

comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
known=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
if [ -n "$known" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body"
else
  gh api --silent --method POST "$comments" --field "body=@$body"
fi || echo "::notice::research exports: the comment could not be written; the token needs pull-requests: write"
