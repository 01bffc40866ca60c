//! A demo system says which one it is.

use fettle_demo::world::{DEMO_SEED, Size};
use fettle_demo::{Clock, DemoConfig, System, bind, instance_of};

#[tokio::test]
async fn the_instance_is_the_files_and_names_no_path() {
    let folder = tempfile::tempdir().unwrap();
    let config = |system: System, name: &str| DemoConfig {
        system,
        file: folder.path().join(name),
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: DEMO_SEED,
        size: Size::DEMONSTRATION,
        clock: Clock::System,
    };
    let (cmms, erp) = (
        config(System::Cmms, "cmms.db"),
        config(System::Erp, "erp.db"),
    );
    assert!(instance_of(&cmms.file).is_err(), "there is no file yet");
    bind(&cmms).await.unwrap();
    bind(&erp).await.unwrap();
    let (one, other) = (
        instance_of(&cmms.file).unwrap(),
        instance_of(&erp.file).unwrap(),
    );
    assert_ne!(one, other);
    // However the path is written, the file is the same.
    let detour = folder.path().join(".").join("cmms.db");
    assert_eq!(instance_of(&detour).unwrap(), one);
    assert_eq!(one.len(), 32);
}
