"""Take every measurement and print one line for each."""

from benchmarks import dumps, flow_sets, pac_files, reading, rule_lists, startup, writers

for room in (startup, flow_sets, reading, rule_lists, dumps, pac_files, writers):
    for measurement in room.measurements():
        print(measurement, flush=True)

for line in (*dumps.memory(), *writers.readings()):
    print(line, flush=True)
