#!/bin/sh
# Every step of make_student.sh in small: a fifth of the faces, pictures of 160 px, three steps a training.
# It shows that the whole way works, files and commands, in a quarter of an hour; its models are worth nothing.
#
#   scripts/rehearse_student.sh FACES WORK
set -eu
mkdir -p "$2/recipes"
for file in docs/models/student*.toml; do
    sed -E \
        -e '/^(max_steps|whole_epochs)/d' \
        -e '/^\[student\.training\]/a max_steps = 3' \
        -e 's/^size = 448/size = 160/; s/^crop = .*/crop = 64/; s/^epochs = [1-9][0-9]*/epochs = 1/' \
        -e 's/^exclude = .*/exclude = ["snapshots\/*", "canada\/*", "london\/*smiling*", "*congress*[1-9].jpg"]/' \
        -e 's/^pool_per_image = .*/pool_per_image = 1/' \
        "$file" >"$2/recipes/${file##*/}"
done
RECIPES="$2/recipes" JUDGE="--ladders 12 --stable 8 --classic sharpness" "$(dirname "$0")/make_student.sh" "$1" "$2"
