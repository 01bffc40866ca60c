//! What crosses rooms: the simulation, contracts and benchmarks.
