//! Numbers people type.

use fettle_domain::Decimal;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_is_a_number_or_refused(text in ".{0,60}") {
        let _ = Decimal::from_typed(&text);
    }

    #[test]
    fn a_number_reads_back_as_it_prints(units in -1_000_000_i64..1_000_000, places in 0_u32..6) {
        let number = Decimal(rust_decimal::Decimal::new(units, places));
        prop_assert_eq!(Decimal::from_typed(&number.to_string()), Ok(number));
    }
}
