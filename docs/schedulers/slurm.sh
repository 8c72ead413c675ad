#!/bin/sh
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=12:00:00
# One task of an array makes one shard; without an array, the job merges all.
#
#     export DOCUMENTS=/shared/documents SHARDS=/shared/shards INDEX=/shared/index N=100
#     job=$(sbatch --parsable --array=0-99 slurm.sh)
#     sbatch --dependency=afterok:$job slurm.sh
#
# A lost shard alone: sbatch --array=17 slurm.sh
set -eu

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
    # The working folder: on a disk of the machine that is kept, a task that was killed goes on.
    exec rag index "$DOCUMENTS" --shards "$SHARDS" --index "${TMPDIR:-/tmp}/rag-work" \
        --shard "$SLURM_ARRAY_TASK_ID/$N"
fi
exec rag index "$DOCUMENTS" --shards "$SHARDS" --index "$INDEX" --merge "$N"
