#!/bin/sh
# Make both bundled students again: data, the fast one, pseudo-labels, the student, bundles with percentiles, measurement.
#
#   scripts/make_student.sh FACES WORK
#
# FACES: good faces with a manifest.csv; WORK: a folder for what comes in between. Stopped, it goes on where it was.
# Trainings can use several processes: PROCESSES=4 scripts/make_student.sh FACES WORK
# RECIPES: a folder with other recipes of the same names; JUDGE: further options of the measurement (rehearse_student.sh).
set -eu
faces=$1 work=$2
fiqa="python -m engine" here=${RECIPES:-docs/models}
reference="faces from clean to spoiled, of people held out"

train() { # NAME RECIPE MANIFEST [INITIAL]
    [ -d "$work/$1" ] ||
        $fiqa train "$3" --recipe "$here/$2" ${4:+--initial "$4"} --out "$work/$1" --prepare
    if [ "${PROCESSES:-1}" -gt 1 ]; then
        OMP_NUM_THREADS=1 torchrun --standalone --nproc-per-node "$PROCESSES" -m engine run "$work/$1"
    else
        $fiqa run "$work/$1"
    fi
}

best() { # RUN
    echo "$work/$1/checkpoints/student-best.safetensors"
}

bundle() { # RUN FILE NAME
    $fiqa export "$work/$1" --out "$work/$2" --name "$3" --licence Apache-2.0 --note docs/models/student-card.md \
        --reference "$work/data/manifest.csv" --reference-name "$reference"
}

mkdir -p "$work"
# The first weights are those of the models before: they must not be lost when their files are replaced.
for name in student fast; do
    [ -f "$work/first-$name.safetensors" ] || cp "resources/models/$name.safetensors" "$work/first-$name.safetensors"
    [ -f "$work/first-$name.onnx" ] || cp "resources/models/$name.onnx" "$work/first-$name.onnx"
done

for draw in data data-more data-pattern data-pool; do
    $fiqa degrade "$faces" --recipe "$here/student-$draw.toml" --out "$work/$draw"
done
$fiqa join "$work/data/manifest.csv" "$work/data-more/manifest.csv" "$work/data-pattern/manifest.csv" --out "$work/fast.csv"
$fiqa join "$work/data/manifest.csv" "$work/data-pattern/manifest.csv" "$work/data-pool/manifest.csv" --out "$work/labelled.csv"
train fast student-fast.toml "$work/fast.csv" "$work/first-fast.safetensors"
# The student's teacher is the student before.
[ -f "$work/pseudo.csv" ] ||
    $fiqa pseudo-label "$work/labelled.csv" --model "$work/first-student.onnx" --pool a --flip --out "$work/pseudo.csv"
$fiqa join "$work/labelled.csv" "$work/pseudo.csv" --out "$work/all.csv"
train student student.toml "$work/all.csv" "$work/first-student.safetensors"
bundle fast fast.onnx 'FIQA fast (weak labels)'
bundle student student.onnx 'FIQA student (weak labels)'
python -m benchmarks.student "$work/data/manifest.csv" "$faces/manifest.csv" --model "$work/student.onnx" \
    --model "$work/fast.onnx" --model "$work/first-student.onnx" --model "$work/first-fast.onnx" \
    --teacher "$work/first-student.onnx" ${JUDGE:-} --out "$work/measured.md"
echo "Better? Then copy $work/student.onnx and $work/fast.onnx to resources/models, and the weights of"
echo "  $(best student) and $(best fast) beside them"
