//! Genesis stands for ever.

use fettle_document::genesis::build;
use fettle_document::{DocumentKind, VerifiedChange, genesis, genesis_hash};

#[test]
fn genesis_is_what_it_always_was() {
    for kind in DocumentKind::ALL {
        assert_eq!(build(kind).unwrap(), genesis(kind), "{}", kind.word());
        let change = VerifiedChange::check(genesis(kind)).unwrap();
        assert_eq!(change.hash(), genesis_hash(kind), "{}", kind.word());
    }
}
