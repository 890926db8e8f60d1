# 100 batches of 1000 lines, a fifth of a second apart.
batch=0
while [ "$batch" -lt 100 ]; do
  awk -v from=$((batch * 1000 + 1)) 'BEGIN { for (i = from; i < from + 1000; i++) printf "line %06d of 100000\n", i }'
  batch=$((batch + 1))
  sleep 0.2
done
