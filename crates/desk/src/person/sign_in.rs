//! Sign in at the hub: the first time with an enrolment code, later with account and password.
//!
//! Every sign-in makes a new person key: a forgotten PIN costs nothing, and what the old key
//! signed is still sent.

use fettle_domain::Refusal;
use fettle_sync::request::{Credentials, EnrolRequest, EnrolmentCode, SignInRequest};

use crate::desk::Desk;
use crate::identity::OpenKey;
use crate::laptop::{self, Laptop};
use crate::person::Admission;
use crate::transport::{HubAddress, Transport, TransportError};
use crate::trouble::{Answer, Trouble};
use crate::view::{ProblemView, Shell, SignInInput};

impl Desk {
    /// Signs a person in; enrols the laptop when it has no hub yet, or with a code when its hub does
    /// not know it any more.
    ///
    /// # Errors
    /// A problem such as `sign_in.wrong_password` or `sign_in.no_connection`.
    pub async fn sign_in(&self, input: SignInInput) -> Result<Shell, ProblemView> {
        let enrolled = self.on_disk(|core| laptop::laptop(&core.replica)).await?;
        let admission = match enrolled {
            // A hub that was restored from a backup may not know the laptop any more: it enrols
            // anew there, and what it has goes with it.
            Some(laptop) if input.code.is_some() => enrol(laptop.hub, input).await,
            Some(laptop) => sign_in(laptop, input).await,
            None => match HubAddress::new(input.hub.as_deref().unwrap_or_default()) {
                Ok(hub) => enrol(hub, input).await,
                Err(refusal) => Err(refusal.into()),
            },
        };
        self.admit(admission?).await
    }
}

async fn enrol(hub: HubAddress, input: SignInInput) -> Answer<Admission> {
    let code: EnrolmentCode = input
        .code
        .as_deref()
        .unwrap_or_default()
        .parse()
        .map_err(|_| Refusal::new("sign_in.bad_code"))?;
    let key = OpenKey::generate()?;
    let told = |error: TransportError| Trouble(error.refusal(&hub));
    let transport = Transport::by_code(hub.clone(), &code).map_err(told)?;
    let request = EnrolRequest {
        code,
        credentials: credentials(&input.account, input.password),
        person_key: key.public().into(),
    };
    let enrolled = transport.enrol(&request).await.map_err(told)?;
    let answer = enrolled.answer;
    Ok(Admission {
        laptop: Some(Laptop {
            hub: hub.clone(),
            certificate: enrolled.fingerprint,
            device: answer.device,
            plant: answer.plant,
            secret: answer.device_secret,
        }),
        session: answer.session,
        key,
    })
}

async fn sign_in(laptop: Laptop, input: SignInInput) -> Answer<Admission> {
    let key = OpenKey::generate()?;
    let hub = laptop.hub;
    let told = |error: TransportError| Trouble(error.refusal(&hub));
    let transport = Transport::pinned(hub.clone(), laptop.certificate).map_err(told)?;
    let request = SignInRequest {
        device: laptop.device.id,
        device_secret: laptop.secret,
        credentials: credentials(&input.account, input.password),
        person_key: key.public().into(),
    };
    let session = transport.sign_in(&request).await.map_err(told)?;
    Ok(Admission {
        laptop: None,
        session,
        key,
    })
}

fn credentials(account: &str, password: String) -> Credentials {
    Credentials {
        account: account.trim().to_owned(),
        password,
    }
}
