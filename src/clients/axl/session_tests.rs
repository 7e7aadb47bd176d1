//! Session, repetition and paging, against a throw-away responder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::bench::{
    Bench, CONNECTING, NAME, after_connect, answer, fault, release, statement, value_row,
};
use super::{ApplicationUserUpdate, AxlError, FaultKind, Reader, Writer};
use crate::clients::responder::Reply;
use crate::clients::throttle::WaitCause;

#[tokio::test]
async fn the_password_is_sent_once_then_the_cookie_alone() {
    let bench = after_connect(|_, _| fault(5007, "The specified x was not found")).await;
    let reader = bench.reader().await;
    assert_eq!((reader.version(), reader.release()), ("14.0", "14.0.1.13900(155)"));
    assert_eq!(reader.application_user("x").await.unwrap(), None);
    let seen = bench.requests();
    assert_eq!(seen[0].header("authorization"), Some("Basic YXhsYWRtaW46aHVudGVyMg=="));
    assert_eq!(seen[0].header("soapaction"), Some("\"CUCM:DB ver=11.5 getCCMVersion\""));
    assert_eq!(seen[0].head[0], "POST /axl/ HTTP/1.1");
    assert_eq!(seen[1].header("authorization"), None);
    assert_eq!(seen[1].header("soapaction"), Some("\"CUCM:DB ver=14.0 getCCMVersion\""));
    assert_eq!(seen[2].header("authorization"), None);
    assert_eq!(seen[2].header("cookie"), Some("JSESSIONIDSSO=S3SSION"));
    assert_eq!(seen[2].header("soapaction"), Some("\"CUCM:DB ver=14.0 getAppUser\""));
    assert!(seen[2].body.contains("<ns:getAppUser><userid>x</userid>"), "{}", seen[2].body);
    let sent = BTreeMap::from([("getAppUser".to_owned(), 1), ("getCCMVersion".to_owned(), 2)]);
    assert_eq!(reader.requests(), sent);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let bench = Bench::new(|_, _| Reply::text(401, "")).await;
    let error = Reader::connect(bench.settings.clone()).await.unwrap_err();
    assert!(matches!(error, AxlError::Denied), "{error}");
    assert_eq!(error.trouble(NAME).code, "axl-credential-refused");
    assert_eq!(bench.responder.count(), 1);
}

#[tokio::test]
async fn a_password_that_changed_meanwhile_is_tried_once_by_all_together() {
    let bench = after_connect(|_, _| Reply::text(401, "")).await;
    let reader = bench.reader().await;
    let calls = (0..6).map(|_| reader.end_user_exists("x"));
    for result in futures::future::join_all(calls).await {
        assert!(matches!(result, Err(AxlError::Denied)), "{result:?}");
    }
    let tried = bench.requests().iter().filter(|r| r.header("authorization").is_some()).count();
    assert_eq!(tried, 2, "one at connect, one after the cookie was refused");
    assert!(reader.end_user_exists("x").await.is_err());
    let tried = bench.requests().iter().filter(|r| r.header("authorization").is_some()).count();
    assert_eq!(tried, 2);
}

#[tokio::test]
async fn an_expired_session_signs_in_again_once() {
    let bench = after_connect(|seen, _| {
        if seen.header("cookie").is_some() {
            return Reply::text(404, "");
        }
        answer("getUser", "<user><userid>x</userid></user>")
    })
    .await;
    let reader = bench.reader().await;
    assert!(reader.end_user_exists("x").await.unwrap());
    assert_eq!(bench.responder.count(), CONNECTING + 2);

    let gone = after_connect(|_, _| Reply::text(404, "")).await;
    let error = gone.reader().await.end_user_exists("x").await.unwrap_err();
    assert!(matches!(error, AxlError::Unexpected { status: 404, .. }), "{error}");
    assert_eq!(gone.responder.count(), CONNECTING + 2);
}

#[tokio::test]
async fn a_refused_write_of_an_account_that_reads_is_a_missing_role() {
    let bench = after_connect(|_, _| Reply::text(401, "")).await;
    let writer = Writer::new(bench.reader().await);
    for _ in 0..2 {
        let error = writer.execute(&statement()).await.unwrap_err();
        assert!(
            matches!(error, AxlError::RoleMissing { operation: "executeSQLUpdate" }),
            "{error}"
        );
        assert!(!error.outcome_unknown());
    }
    assert_eq!(bench.responder.count(), CONNECTING + 1, "not repeated");

    let none = after_connect(|_, _| Reply::text(403, "")).await;
    let error = none.reader().await.end_user_exists("x").await.unwrap_err();
    assert!(matches!(error, AxlError::NoRole), "{error}");
}

#[tokio::test]
async fn throttled_calls_wait_and_go_on() {
    let bench = after_connect(|_, before| match before {
        0 => Reply::text(503, "busy"),
        1 => fault(-1, "Maximum AXL Memory Allocation Consumed. Please retry once"),
        _ => answer("executeSQLUpdate", "<rowsUpdated>1</rowsUpdated>"),
    })
    .await;
    let writer = Writer::new(bench.reader().await);
    assert_eq!(writer.execute(&statement()).await.unwrap(), 1);
    assert_eq!(*bench.waits.lock().unwrap(), [WaitCause::Throttled, WaitCause::Memory]);
    assert_eq!(writer.reader().requests().get("executeSQLUpdate"), Some(&3));
}

#[tokio::test]
async fn patience_ends() {
    let bench = after_connect(|_, _| Reply::text(503, "busy")).await;
    let mut settings = bench.settings.clone();
    settings.patience = Duration::from_millis(300);
    let reader = Reader::connect(settings).await.unwrap();
    let error = reader.end_user_exists("x").await.unwrap_err();
    assert!(matches!(error, AxlError::Throttled { .. }), "{error}");
}

#[tokio::test]
async fn lost_reads_are_repeated_and_lost_writes_never() {
    let bench = after_connect(|seen, before| {
        if seen.body.contains("getUser") && before == 1 {
            return answer("getUser", "<user><userid>x</userid></user>");
        }
        Reply::Raw(b"HTTP/1.1 200 X\r\nContent-Length: 999\r\n\r\n<soapenv".to_vec())
    })
    .await;
    let writer = Writer::new(bench.reader().await);
    assert!(writer.reader().end_user_exists("x").await.unwrap());
    assert_eq!(bench.responder.count(), CONNECTING + 2);
    let error = writer.execute(&statement()).await.unwrap_err();
    assert!(matches!(error, AxlError::Lost { .. }), "{error:?}");
    assert!(error.outcome_unknown());
    assert_eq!(bench.responder.count(), CONNECTING + 3);
}

#[tokio::test]
async fn only_not_found_means_absent() {
    let bench = after_connect(|_, before| match before {
        0 => fault(-1, "A required item was not found"),
        1 => Reply::text(200, "<html>Sign in</html>"),
        2 => answer("getAppUser", ""),
        _ => Reply::text(302, ""),
    })
    .await;
    let reader = bench.reader().await;
    for _ in 0..4 {
        assert!(reader.application_user("x").await.is_err());
    }
}

#[tokio::test]
async fn versions_are_negotiated_by_the_bracket() {
    let bench = Bench::new(|seen, _| {
        if seen.body.contains("/API/14.0") {
            release()
        } else {
            Reply::text(599, "Incorrect axl version. Supported axl versions: [12.0,12.5,14]")
        }
    })
    .await;
    assert_eq!(bench.reader().await.version(), "14.0");

    let narrow = Bench::new(|seen, _| {
        if seen.body.contains("/API/14.0") {
            Reply::text(599, "Incorrect axl version. Supported axl versions: [11.5,12.5]")
        } else {
            release()
        }
    })
    .await;
    assert_eq!(narrow.reader().await.version(), "12.5", "the server knows better than its release");

    let old = Bench::new(|_, _| Reply::text(599, "Supported axl versions: [8.5,9.1]")).await;
    let error = Reader::connect(old.settings.clone()).await.unwrap_err();
    let AxlError::VersionUnsupported { supported } = &error else { panic!("{error}") };
    assert_eq!(*supported, ["8.5", "9.1"]);
}

#[tokio::test]
async fn faults_do_not_echo_what_was_written() {
    let bench = after_connect(|seen, _| {
        if seen.body.contains("updateAppUser") {
            fault(-1, "value hunter3&amp;x is not allowed")
        } else {
            fault(-201, "syntax error in update t set value = 's3cr3t' near s3cr3t")
        }
    })
    .await;
    let writer = Writer::new(bench.reader().await);
    let error = writer.execute(&statement()).await.unwrap_err();
    assert!(!error.to_string().contains("s3cr3t"), "{error}");
    assert_eq!(error.fault_kind(), Some(FaultKind::Other));
    let update = ApplicationUserUpdate { password: Some("hunter3&x".into()), ..Default::default() };
    let error = writer.update_application_user("x", &update).await.unwrap_err();
    assert!(!format!("{:?}", error.trouble(NAME)).contains("hunter3"), "{error}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_traced_by_any_layer() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process: a subscriber of this thread alone races with other tests that meet a call site first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let bench = after_connect(|seen, _| {
        if seen.body.contains("executeSQLUpdate") {
            return fault(-201, "syntax error in update t set value = 's3cr3t'");
        }
        if seen.body.contains("executeSQLQuery") {
            return answer("executeSQLQuery", &value_row(4711));
        }
        answer("updateAppUser", "{0A1B2C3D-0000-0000-0000-00000000000F}")
    })
    .await;
    let writer = Writer::new(bench.reader().await);
    writer.execute(&statement()).await.unwrap_err();
    writer.reader().values_of(&["SEP1".to_owned()]).await.unwrap();
    let update = ApplicationUserUpdate { password: Some("n3wpass".into()), ..Default::default() };
    writer.update_application_user("ippa", &update).await.unwrap();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("<userid>ippa</userid><password>(secret)</password>"), "{text}");
    for secret in
        ["s3cr3t", "n3wpass", "<value>4711", "hunter2", "YXhsYWRtaW46aHVudGVyMg", "S3SSION"]
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
