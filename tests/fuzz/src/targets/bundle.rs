//! Bundles: the file as anybody may hand it in, and what stands inside its seal.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fettle_domain::Timestamp;
use fettle_sync::bundle::{Bundle, BundleHead, BundleSecret, Ending, is_for};
use fettle_sync::frame::encode;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Kem;
use hpke::{Deserializable, OpModeS, Serializable, setup_sender_with_rng};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::wrap::frame;

/// A hub whose key anybody may know.
static HUB: LazyLock<BundleSecret> = LazyLock::new(|| BundleSecret::from_seed(&[7; 32]));

/// A header before the encapsulated key: magic, format, id of the hub's key.
static NAME: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sealed = Bundle::new(head()).seal(HUB.public(), [0; 32]);
    sealed.expect("an empty bundle is sealed")[..18].to_vec()
});

/// A bundle: the hub opens what was sealed and nothing that was changed on the way.
pub(super) fn bundle(bytes: &[u8]) {
    let _ = is_for(bytes, HUB.public());
    let _ = Bundle::open(bytes, &HUB);
    let head = encode(&BTreeMap::from([("head", head())])).expect("a head is a frame");
    let end = encode(&"end").expect("an end is a frame");
    let file = sealed(&[&head, &frame(bytes), &end]);
    match Bundle::open(&file, &HUB) {
        Ok(bundle) => {
            again(&bundle);
            if bundle.ending == Ending::Whole {
                spoilt(&file, &bundle, bytes);
            }
        }
        Err(_) => drop(Bundle::open(&sealed(&[bytes]), &HUB)),
    }
}

fn head() -> BundleHead {
    BundleHead {
        device: None,
        made: Timestamp::from_ms(0),
    }
}

/// What was opened is sealed, and opens the same again.
fn again(bundle: &Bundle) {
    // What was opened may hold more than a laptop can seal.
    if let Ok(sealed) = bundle.seal(HUB.public(), [1; 32]) {
        let opened = Bundle::open(&sealed, &HUB).expect("what is sealed opens");
        let whole = Bundle {
            ending: Ending::Whole,
            ..bundle.clone()
        };
        assert_eq!(opened, whole);
    }
}

/// Cut or changed at a place, it gives what came before that place or nothing, and says so.
fn spoilt(file: &[u8], whole: &Bundle, bytes: &[u8]) {
    let place = bytes.iter().fold(7, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    }) % file.len();
    let mut changed = file.to_vec();
    changed[place] ^= 1;
    for spoilt in [&file[..place], &changed] {
        if let Ok(opened) = Bundle::open(spoilt, &HUB) {
            assert_ne!(opened.ending, Ending::Whole);
            assert!(whole.pushes.starts_with(&opened.pushes));
            assert!(whole.torn.starts_with(&opened.torn));
        }
    }
}

/// Frames sealed as anybody can who has the public half of the hub's key.
fn sealed(frames: &[&[u8]]) -> Vec<u8> {
    let key = HUB.public().0;
    let recipient = <Kem as hpke::Kem>::PublicKey::from_bytes(&key).expect("a key");
    let info = [b"fettle 2026 bundle ".as_slice(), &key].concat();
    let mut random = StdRng::from_seed([3; 32]);
    let (encapped, mut sealer) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &recipient,
        &info,
        &mut random,
    )
    .expect("a context");
    let header = [NAME.as_slice(), &encapped.to_bytes()].concat();
    let mut file = header.clone();
    for frame in frames {
        let sealed = sealer.seal(frame, &header).expect("few frames");
        file.extend((sealed.len() as u32).to_be_bytes());
        file.extend(sealed);
    }
    file
}
