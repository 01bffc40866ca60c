//! People: what the commands decide about them.

use fettle_domain::feed::Feed;
use fettle_domain::person::{Person, Role};
use fettle_domain::row::Row;
use fettle_domain::{PersonId, PlantId, Refusal, Timestamp};

use super::{Answer, Core, StoreFault, lasting_id};
use crate::table;

/// A person to be added who is in no system of record.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Account name.
    pub account: String,
    /// Full name.
    pub name: String,
    /// Craft and grade.
    pub craft: String,
    /// Plant.
    pub plant: PlantId,
    /// Roles.
    pub roles: Vec<Role>,
    /// Hash of the password, made by [`super::hash_password`].
    pub password_hash: String,
}

/// A person with their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAccount {
    /// Account name.
    pub account: String,
    /// Person.
    pub person: Person,
    /// Until when the account is locked.
    pub locked_until: Option<Timestamp>,
}

impl Core<'_> {
    /// Everybody who has an account.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn people(&self) -> Result<Vec<PersonAccount>, StoreFault> {
        let mut people = Vec::new();
        for account in table::account::all(self.connection)? {
            if let Some(person) = table::person::get(self.connection, account.person)? {
                people.push(PersonAccount {
                    account: account.name,
                    person,
                    locked_until: account.locked_until,
                });
            }
        }
        Ok(people)
    }

    /// Name of a person, or the id where nobody of that id is known.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn person_name(&self, id: PersonId) -> Result<String, StoreFault> {
        let person = table::person::get(self.connection, id)?;
        Ok(person.map_or_else(|| id.to_string(), |person| person.name))
    }

    /// The person of an account who may work with Fettle.
    ///
    /// # Errors
    /// [`StoreFault`]; an unknown account and a disabled person are refusals.
    pub fn person_of_account(&self, name: &str) -> Answer<Person> {
        let unknown = || Refusal::new("account.unknown").with("account", name);
        let Some(account) = table::account::get(self.connection, &name.to_lowercase())? else {
            return Ok(Err(unknown()));
        };
        let person = table::person::get(self.connection, account.person)?;
        Ok(person
            .ok_or_else(unknown)
            .and_then(|person| match person.is_disabled {
                true => Err(Refusal::new("person.disabled").with("account", name)),
                false => Ok(person),
            }))
    }

    /// Adds a person with an account.
    ///
    /// # Errors
    /// [`StoreFault`]; a name that is taken is a refusal.
    pub fn add_person(&self, new: &NewPerson, now: Timestamp) -> Answer<Person> {
        let account = new.account.to_lowercase();
        if let Err(refusal) = check_roles(&new.roles) {
            return Ok(Err(refusal));
        }
        if account.trim().is_empty() || new.name.trim().is_empty() {
            return Ok(Err(Refusal::new("person.name_missing")));
        }
        if table::account::get(self.connection, &account)?.is_some() {
            return Ok(Err(Refusal::new("account.taken").with("account", account)));
        }
        let person = Person {
            id: PersonId(lasting_id("person", account.as_bytes())),
            external_ids: Vec::new(),
            name: new.name.clone(),
            craft: new.craft.clone(),
            plant: new.plant.clone(),
            crew: None,
            roles: new.roles.clone(),
            is_disabled: false,
        };
        self.put_person(&person, now)?;
        table::account::put(self.connection, &account, person.id, &new.password_hash)?;
        table::audit::put(self.connection, "person added", &account, &new.name, now)?;
        Ok(Ok(person))
    }

    /// Disables or enables a person; what the system of record says still holds beside it.
    ///
    /// # Errors
    /// [`StoreFault`]; an unknown account is a refusal.
    pub fn set_person_disabled(
        &self,
        account: &str,
        disabled: bool,
        now: Timestamp,
    ) -> Answer<Person> {
        let what = if disabled {
            "person disabled"
        } else {
            "person enabled"
        };
        self.decide_about(account, what, "", now, |connection, id| {
            table::person::set_disabled(connection, id, disabled)
        })
    }

    /// Decides a person's roles here, whatever the system of record says.
    ///
    /// # Errors
    /// [`StoreFault`]; an unknown account is a refusal.
    pub fn set_person_roles(
        &self,
        account: &str,
        roles: &[Role],
        now: Timestamp,
    ) -> Answer<Person> {
        if let Err(refusal) = check_roles(roles) {
            return Ok(Err(refusal));
        }
        let words: Vec<_> = roles.iter().map(|role| role.word()).collect();
        self.decide_about(
            account,
            "roles set",
            &words.join(" "),
            now,
            |connection, id| table::person::set_roles(connection, id, roles),
        )
    }

    /// Gives an account a new password and unlocks it.
    ///
    /// # Errors
    /// [`StoreFault`]; an unknown account is a refusal.
    pub fn set_password(
        &self,
        account: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Answer<Person> {
        let name = account.to_lowercase();
        self.decide_about(account, "password set", "", now, |connection, id| {
            table::account::put(connection, &name, id, password_hash)
        })
    }

    fn decide_about(
        &self,
        account: &str,
        what: &str,
        detail: &str,
        now: Timestamp,
        write: impl FnOnce(&rusqlite::Connection, PersonId) -> rusqlite::Result<()>,
    ) -> Answer<Person> {
        let unknown = || Ok(Err(Refusal::new("account.unknown").with("account", account)));
        let name = account.to_lowercase();
        let Some(stored) = table::account::get(self.connection, &name)? else {
            return unknown();
        };
        let person = self.change_person(stored.person, now, |connection| {
            write(connection, stored.person)
        })?;
        let Some(person) = person else {
            return unknown();
        };
        table::audit::put(self.connection, what, &name, detail, now)?;
        Ok(Ok(person))
    }

    /// Writes a person as the system of record has them and tells the feeds.
    pub(crate) fn put_person(&self, person: &Person, now: Timestamp) -> Result<(), StoreFault> {
        self.change_person(person.id, now, |connection| {
            table::person::put(connection, person)
        })?;
        Ok(())
    }

    /// Changes a person, keeps until when they held other roles, and tells the feeds.
    fn change_person(
        &self,
        id: PersonId,
        now: Timestamp,
        write: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<()>,
    ) -> Result<Option<Person>, StoreFault> {
        let before = table::person::get(self.connection, id)?;
        write(self.connection)?;
        let after = table::person::get(self.connection, id)?;
        if let (Some(before), Some(after)) = (before, &after)
            && before.roles != after.roles
        {
            table::held_roles::put(self.connection, id, &before.roles, now)?;
        }
        if let Some(person) = &after {
            self.tell_person(person)?;
        }
        Ok(after)
    }

    fn tell_person(&self, person: &Person) -> Result<(), StoreFault> {
        self.put_row(&Feed::People, &Row::Person(person.clone()))?;
        let actors = table::actor::all(self.connection)?;
        for actor in actors
            .iter()
            .filter(|actor| actor.person == Some(person.id))
        {
            self.tell_actor(actor, person.roles.clone())?;
        }
        Ok(())
    }
}

/// The CMMS speaks through its connector alone: nobody signs in as it.
fn check_roles(roles: &[Role]) -> Result<(), Refusal> {
    if roles.contains(&Role::Cmms) {
        return Err(Refusal::new("role.not_a_persons").with("role", Role::Cmms.word()));
    }
    Ok(())
}
