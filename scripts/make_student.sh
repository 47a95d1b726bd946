#!/bin/sh
# Make the bundled student again: data, training on crops, then on whole views, bundle with percentiles, measurement.
#
#   scripts/make_student.sh FACES WORK
#
# FACES: good faces with a manifest.csv; WORK: a folder for what comes in between. Stopped, it goes on where it was.
# Trainings can use several processes: PROCESSES=4 scripts/make_student.sh FACES WORK
set -eu
faces=$1 work=$2
fiqa="python -m engine" here=docs/models
reference="faces from clean to spoiled, of people held out"

train() { # NAME RECIPE INITIAL
    [ -d "$work/$1" ] || $fiqa train "$work/data/manifest.csv" --recipe "$here/$2" --initial "$3" --out "$work/$1" --prepare
    if [ "${PROCESSES:-1}" -gt 1 ]; then
        OMP_NUM_THREADS=1 torchrun --standalone --nproc-per-node "$PROCESSES" -m engine run "$work/$1"
    else
        $fiqa run "$work/$1"
    fi
}

mkdir -p "$work"
# The first weights are those of the student before: they must not be lost when its file is replaced.
[ -f "$work/first.safetensors" ] || cp resources/models/student.safetensors "$work/first.safetensors"
[ -f "$work/first.onnx" ] || cp resources/models/student.onnx "$work/first.onnx"

$fiqa degrade "$faces" --recipe "$here/student-data.toml" --out "$work/data"
train crops student-crops.toml "$work/first.safetensors"
train whole student-whole.toml "$work/crops/checkpoints/student-best.safetensors"
$fiqa export "$work/whole" --out "$work/student.onnx" --name 'FIQA student (weak labels)' --licence Apache-2.0 \
    --note "$here/student-card.md" --reference "$work/data/manifest.csv" --reference-name "$reference"
python -m benchmarks.student "$work/data/manifest.csv" "$faces/manifest.csv" \
    --model "$work/student.onnx" --model "$work/first.onnx" --out "$work/measured.md"
echo "Better? Then: cp $work/student.onnx resources/models/ &&"
echo "  cp $work/whole/checkpoints/student-best.safetensors resources/models/student.safetensors"
