//! What the hub counts of itself, in the OpenMetrics text format.

use std::fmt::Write;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

use crate::core::Totals;

/// Counters of this process; what the store holds is asked when it is read.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    exchanges: Counter,
    items: Counter,
    received_bytes: Counter,
    sent_bytes: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("fettle_hub");
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let exchanges = counter("exchanges", "Exchanges answered");
        let items = counter("pushed_items", "Changes, claims and records that arrived");
        let received_bytes = counter("received_bytes", "Bytes of exchanges that arrived");
        let sent_bytes = counter("sent_bytes", "Bytes of answers to exchanges");
        Self {
            registry,
            exchanges,
            items,
            received_bytes,
            sent_bytes,
        }
    }
}

impl Figures {
    /// Counts an exchange.
    pub fn exchanged(&self, items: usize, received_bytes: usize, sent_bytes: usize) {
        self.exchanges.inc();
        self.items.inc_by(items as u64);
        self.received_bytes.inc_by(received_bytes as u64);
        self.sent_bytes.inc_by(sent_bytes as u64);
    }

    /// Everything as text.
    #[must_use]
    pub fn text(&self, totals: &Totals) -> String {
        let mut text = String::new();
        let gauges = [
            ("log_epoch", "Epoch of the log", totals.log_epoch),
            ("orders", "Work orders", totals.orders),
            ("changes", "Changes with a number", totals.changes),
            (
                "held_changes",
                "Changes that wait for others",
                totals.held_changes,
            ),
            (
                "waiting_intents",
                "Claims that wait for others",
                totals.waiting_intents,
            ),
            (
                "quarantined_items",
                "Items in quarantine",
                totals.quarantined,
            ),
        ];
        for (name, help, value) in gauges {
            let _ = writeln!(text, "# HELP fettle_hub_{name} {help}.");
            let _ = writeln!(text, "# TYPE fettle_hub_{name} gauge");
            let _ = writeln!(text, "fettle_hub_{name} {value}");
        }
        let _ = writeln!(
            text,
            "# HELP fettle_hub_effects Calls to outside systems by state."
        );
        let _ = writeln!(text, "# TYPE fettle_hub_effects gauge");
        for (system, state, count) in &totals.effects {
            let labels = format!("system=\"{system}\",state=\"{state}\"");
            let _ = writeln!(text, "fettle_hub_effects{{{labels}}} {count}");
        }
        // Writing to a string cannot fail; the registry ends the text with its end mark.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
