"""Take every measurement and print one line for each."""

from benchmarks import flow_sets, startup

for room in (startup, flow_sets):
    for measurement in room.measurements():
        print(measurement)
