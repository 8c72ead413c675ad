#!/bin/sh
# Makes N shards on this machine, two at a time, and merges them.
#
#     sh two_processes.sh DOCUMENTS SHARDS INDEX N
#
# If a shard fails, run it again: shards that are complete end at once.
set -eu
documents=$1 shards=$2 index=$3 n=$4

seq 0 $((n - 1)) | xargs -P 2 -I{} \
    rag index "$documents" --shards "$shards" --index "$index" --shard "{}/$n"
rag index "$documents" --shards "$shards" --index "$index" --merge "$n"
