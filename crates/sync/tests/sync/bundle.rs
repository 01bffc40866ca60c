//! Bundles: what one laptop sealed reaches its hub whole, and nobody else reads it.

use fettle_domain::{ActorId, DeviceId, DocumentId, Timestamp};
use fettle_sync::bundle::{
    BadBundle, Bundle, BundleHead, BundleKey, BundleSecret, Ending, TornPush, is_for,
};
use fettle_sync::chain::{Link, LinkSignature};
use fettle_sync::exchange::{Push, PushItem};
use fettle_sync::limits::BUNDLE_MAX_BYTES;
use proptest::prelude::*;
use serde_bytes::ByteBuf;
use uuid::Uuid;

const HEADER_BYTES: usize = 50;

fn hub(seed: u8) -> BundleSecret {
    BundleSecret::from_seed(&[seed; 32])
}

fn push(author: u8, change: &[u8]) -> Push {
    Push {
        actor: ActorId([author; 16]),
        first: 1,
        items: vec![PushItem::Change(
            DocumentId(Uuid::from_u128(1)),
            ByteBuf::from(change),
        )],
        signature: LinkSignature([author; 64]),
    }
}

/// The work of two people on one laptop, one of them with a gap.
fn bundle() -> Bundle {
    let mut bundle = Bundle::new(BundleHead {
        device: Some(DeviceId(Uuid::from_u128(14))),
        made: Timestamp::from_ms(1_764_000_000_000),
    });
    bundle.pushes = vec![
        push(1, b"wrote: bearing is hot"),
        push(2, b"took two seals"),
    ];
    bundle.torn = vec![TornPush {
        before: Link([7; 32]),
        push: Push {
            first: 9,
            ..push(2, b"after the gap")
        },
    }];
    bundle.lost.places = vec![(ActorId([2; 16]), 2, 8)];
    bundle.lost.words = vec!["4711: greased the".to_owned()];
    bundle
}

fn sealed() -> Vec<u8> {
    bundle().seal(hub(1).public(), [5; 32]).unwrap()
}

#[test]
fn what_was_sealed_reaches_its_hub_whole() {
    let opened = Bundle::open(&sealed(), &hub(1)).unwrap();
    assert_eq!(opened, bundle());
    assert_eq!((opened.items(), opened.ending), (3, Ending::Whole));
}

#[test]
fn whoever_carries_it_reads_nothing_of_it() {
    let bytes = sealed();
    assert!(is_for(&bytes, hub(1).public()).unwrap());
    for words in [b"bearing".as_slice(), b"greased", &[1; 16], &[2; 64]] {
        assert!(!bytes.windows(words.len()).any(|window| window == words));
    }
    // The same work sealed twice looks like two different things.
    let again = bundle().seal(hub(1).public(), [6; 32]).unwrap();
    assert_ne!(again[HEADER_BYTES..], bytes[HEADER_BYTES..]);
}

#[test]
fn a_bundle_for_another_hub_is_told_apart() {
    assert!(!is_for(&sealed(), hub(2).public()).unwrap());
    assert_eq!(Bundle::open(&sealed(), &hub(2)), Err(BadBundle::OtherHub));
    // Even when its header claims to be for this one.
    let mut forged = sealed();
    let own = bundle().seal(hub(2).public(), [5; 32]).unwrap();
    forged[..18].copy_from_slice(&own[..18]);
    assert_eq!(Bundle::open(&forged, &hub(2)), Err(BadBundle::Damaged));
}

#[test]
fn a_later_format_is_named_and_not_guessed() {
    let mut later = sealed();
    later[9] = 2;
    assert_eq!(Bundle::open(&later, &hub(1)), Err(BadBundle::Format(2)));
    let refusal = BadBundle::Format(2).refusal();
    assert_eq!(refusal.code, "bundle.too_new");
}

#[test]
fn another_file_is_no_bundle() {
    for bytes in [b"%PDF-1.7".as_slice(), b"F", &[0; 200]] {
        let opened = Bundle::open(bytes, &hub(1));
        let is_said = matches!(opened, Err(BadBundle::NotABundle | BadBundle::Cut));
        assert!(is_said, "{opened:?}");
    }
    let large = vec![0; BUNDLE_MAX_BYTES + 1];
    assert!(matches!(
        Bundle::open(&large, &hub(1)),
        Err(BadBundle::Limit(_))
    ));
}

#[test]
fn a_key_that_is_none_seals_nothing() {
    // The point of order one: everybody would know the shared secret.
    let sealed = bundle().seal(BundleKey([0; 32]), [5; 32]);
    assert_eq!(sealed, Err(BadBundle::OtherHub));
}

#[test]
fn a_cut_bundle_gives_what_came_before_the_cut() {
    let bytes = sealed();
    let mut most = 0;
    for end in 0..bytes.len() {
        match Bundle::open(&bytes[..end], &hub(1)) {
            Ok(opened) => {
                assert_eq!(opened.ending, Ending::Cut);
                assert!(opened.items() >= most);
                most = opened.items();
                assert_eq!(opened.pushes[..], bundle().pushes[..opened.pushes.len()]);
            }
            Err(bad) => assert_eq!((bad, most), (BadBundle::Cut, 0)),
        }
    }
    assert_eq!(most, 3);
}

#[test]
fn one_flipped_bit_is_never_taken_for_work() {
    let bytes = sealed();
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        match Bundle::open(&flipped, &hub(1)) {
            Ok(opened) => {
                assert_ne!(opened.ending, Ending::Whole, "byte {place}");
                assert_eq!(opened.pushes[..], bundle().pushes[..opened.pushes.len()]);
            }
            Err(bad) => assert!(!bad.refusal().code.is_empty()),
        }
    }
}

#[test]
fn frames_cannot_be_left_out_moved_or_added() {
    let bytes = sealed();
    let frames = frames(&bytes);
    let joined = |order: &[usize]| {
        let mut joined = bytes[..HEADER_BYTES].to_vec();
        for index in order {
            joined.extend_from_slice(frames[*index]);
        }
        Bundle::open(&joined, &hub(1))
    };
    assert_eq!(joined(&[0, 1, 2, 3, 4, 5]).unwrap(), bundle());
    for order in [
        [0, 2, 3, 4, 5].as_slice(),
        &[0, 2, 1, 3, 4, 5],
        &[0, 1, 1, 2, 3, 4, 5],
        &[0, 1, 2, 3, 4, 5, 5],
    ] {
        assert_eq!(joined(order).unwrap().ending, Ending::Damaged, "{order:?}");
    }
    assert_eq!(joined(&[1, 0]), Err(BadBundle::Damaged));
}

fn frames(bytes: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    let mut rest = &bytes[HEADER_BYTES..];
    while let Some(length) = rest.first_chunk::<4>() {
        let (frame, after) = rest.split_at(4 + u32::from_be_bytes(*length) as usize);
        frames.push(frame);
        rest = after;
    }
    frames
}

proptest! {
    #[test]
    fn any_bytes_are_answered(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), real in any::<bool>()) {
        if real {
            let sealed = sealed();
            bytes.splice(0..0, sealed[..HEADER_BYTES].iter().copied());
        }
        if let Ok(opened) = Bundle::open(&bytes, &hub(1)) {
            prop_assert_ne!(opened.ending, Ending::Whole);
        }
    }
}
