//! Amounts in minor units and currencies.

use fettle_domain::Decimal;
use fettle_domain::money::{Currency, Money};

fn check(amount: &str, currency: &str, minor: Option<i64>) {
    let currency = Currency::new(currency).unwrap();
    let amount: Decimal = amount.parse().unwrap();
    let money = Money::from_decimal(amount, currency);
    assert_eq!(money.as_ref().map(|money| money.minor), minor);
    if let Some(money) = money {
        assert_eq!(money.to_decimal(), amount);
    }
}

#[test]
fn an_amount_is_exact_or_none() {
    check("12.40", "EUR", Some(1240));
    check("-3", "EUR", Some(-300));
    check("0", "EUR", Some(0));
    check("12.405", "EUR", None);
    check("1200", "JPY", Some(1200));
    check("0.5", "JPY", None);
    check("1.234", "KWD", Some(1234));
    check("99999999999999999999", "EUR", None);
}

#[test]
fn a_currency_is_three_capital_letters() {
    for code in ["", "EU", "eur", "EURO", "E€R"] {
        assert!(Currency::new(code).is_err(), "{code}");
    }
}
