#!/bin/sh
# Adds FIQA Desktop to your own menu of programs; run it again after moving the folder.
set -eu
folder=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
menu="${XDG_DATA_HOME:-$HOME/.local/share}/applications"
entry="$menu/$(basename -- "$folder").desktop"
mkdir -p "$menu"
escaped=$(printf '%s' "$folder" | sed 's/[&|\\]/\\&/g')
sed "s|@FOLDER@|$escaped|" "$folder/fiqa-desktop.desktop" > "$entry"
echo "Added: $entry"
