//! What a process uses, as the system counts it.

use anyhow::Context;

/// Ticks of a second in which Linux counts the time of a processor, on every machine it runs on.
const TICKS_A_SECOND: f64 = 100.0;

/// Memory a process holds now, in bytes.
pub(super) fn memory_bytes(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: u64 = kilobytes.context("no VmRSS")?.parse()?;
    Ok(kilobytes * 1_024)
}

/// Seconds of one core a process has used.
pub(super) fn cpu_seconds(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before them may hold anything, so the fields are counted from its end.
    let (_, fields) = stat.rsplit_once(')').context("no fields")?;
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks = times.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / TICKS_A_SECOND)
}
