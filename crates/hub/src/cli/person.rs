//! `person`: accounts and roles.

use std::io::Read;

use anyhow::anyhow;
use clap::Subcommand;
use fettle_domain::PlantId;
use fettle_domain::person::Role;
use fettle_sync::limits::CREDENTIAL_MAX_BYTES;

use super::Place;
use crate::clock::now;
use crate::core::{NewPerson, hash_password};

/// What to do with people. Passwords are read from standard input, never from the command line.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists everybody who has an account.
    List,
    /// Adds a person; the password comes from standard input.
    Add {
        /// Account name.
        account: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// Craft and grade.
        #[arg(long, default_value = "")]
        craft: String,
        /// Plant.
        #[arg(long)]
        plant: String,
        /// Role; may be repeated.
        #[arg(long, required = true)]
        role: Vec<Role>,
    },
    /// Disables an account.
    Disable {
        /// Account name.
        account: String,
    },
    /// Enables an account.
    Enable {
        /// Account name.
        account: String,
    },
    /// Sets the roles of an account.
    Role {
        /// Account name.
        account: String,
        /// All roles the person will hold.
        #[arg(required = true)]
        roles: Vec<Role>,
    },
    /// Sets a password, read from standard input, and unlocks the account.
    Password {
        /// Account name.
        account: String,
    },
}

pub(super) fn run(place: &Place, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List => {
            for account in place.hub()?.read(|core| core.people())? {
                let person = &account.person;
                let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
                let state = if person.is_disabled {
                    "disabled"
                } else {
                    "active"
                };
                let (name, plant) = (&person.name, &person.plant);
                println!(
                    "{}\t{name}\t{plant}\t{}\t{state}",
                    account.account,
                    roles.join(",")
                );
            }
        }
        Command::Add {
            account,
            name,
            craft,
            plant,
            role,
        } => {
            let password_hash = hash_password(&read_password()?)?;
            let plant = PlantId::new(plant)?;
            let new = NewPerson {
                account,
                name,
                craft,
                plant,
                roles: role,
                password_hash,
            };
            let person = place.write(|core| core.add_person(&new, now()))?;
            println!("{} may sign in as {}", person.name, new.account);
        }
        Command::Disable { account } => {
            let person = place.write(|core| core.set_person_disabled(&account, true, now()))?;
            println!("{} may no longer sign in", person.name);
        }
        Command::Enable { account } => {
            let person = place.write(|core| core.set_person_disabled(&account, false, now()))?;
            println!("{} may sign in again", person.name);
        }
        Command::Role { account, roles } => {
            let person = place.write(|core| core.set_person_roles(&account, &roles, now()))?;
            let words: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
            println!("{} is now {}", person.name, words.join(", "));
        }
        Command::Password { account } => {
            let hash = hash_password(&read_password()?)?;
            let person = place.write(|core| core.set_password(&account, &hash, now()))?;
            println!("{} has a new password", person.name);
        }
    }
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    let most = u64::try_from(CREDENTIAL_MAX_BYTES + 2)?;
    std::io::stdin().take(most).read_to_string(&mut text)?;
    let password = text.trim_end_matches(['\n', '\r']);
    if password.is_empty() || password.len() > CREDENTIAL_MAX_BYTES {
        return Err(anyhow!(
            "a password has 1 to {CREDENTIAL_MAX_BYTES} bytes on standard input"
        ));
    }
    Ok(password.to_owned())
}
