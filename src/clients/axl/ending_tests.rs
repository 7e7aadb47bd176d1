//! How a session ends early: asked to, refused, without its first answer, or before anything was sent.

use std::time::{Duration, Instant};

use super::bench::{Bench, CONNECTING, NAME, after_connect, answer, fault, release};
use super::exchange::Request;
use super::session::Session;
use super::{AxlError, Reader};
use crate::clients::responder::Reply;
use crate::clients::stop::EndedBy;
use crate::clients::throttle::WaitCause;
use crate::clients::xml::Body;
use crate::outcome::Outcome;

#[tokio::test]
async fn no_wait_goes_on_and_no_call_is_begun_once_the_end_was_asked_for() {
    let bench = after_connect(|_, _| Reply::text(503, "busy")).await;
    let mut settings = bench.settings.clone();
    settings.patience = Duration::from_mins(10);
    let stop = settings.stop.clone();
    let reader = Reader::connect(settings).await.unwrap();
    let asking = async {
        while bench.waits.lock().unwrap().len() < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.set(EndedBy::Person);
        Instant::now()
    };
    let (ended, asked) = tokio::join!(reader.end_user_exists("x"), asking);
    assert!(asked.elapsed() < Duration::from_millis(500), "the wait of a second was cut short");
    let error = ended.unwrap_err();
    assert!(error.concerns_the_run() && !error.outcome_unknown(), "{error:?}");
    assert_eq!(error.trouble(NAME).outcome, Outcome::Interrupted);
    let sent = bench.responder.count();
    assert!(matches!(reader.end_user_exists("x").await, Err(AxlError::Stopped(_))));
    assert_eq!(bench.responder.count(), sent);
}

#[tokio::test]
async fn a_refused_password_is_not_tried_again_by_another_session() {
    let bench = Bench::new(|_, _| Reply::text(401, "")).await;
    for password in ["hunter2", "hunter2", "hunter3"] {
        let mut settings = bench.settings.clone();
        settings.password = password.into();
        let error = Reader::connect(settings).await.unwrap_err();
        assert!(matches!(error, AxlError::Denied), "{error}");
        assert_eq!(bench.responder.count(), 1);
    }
}

#[tokio::test]
async fn a_lost_first_answer_is_not_repeated_and_says_why() {
    let bench = Bench::new(|_, _| Reply::Raw(b"HTTP/1.1 200 X\r\n".to_vec())).await;
    let error = Reader::connect(bench.settings.clone()).await.unwrap_err();
    assert_eq!(bench.responder.count(), 1);
    let trouble = error.trouble(NAME);
    assert_eq!((trouble.code, trouble.outcome), ("axl-answer-lost", Outcome::Incomplete));
    assert!(trouble.next.contains("refusal of the password"), "{trouble:?}");
    assert!(!trouble.why.contains("docs.rs"), "{trouble:?}");
}

#[tokio::test]
async fn what_was_never_sent_is_repeated_whatever_it_is() {
    let bench = Bench::new(|_, _| release()).await;
    let session = Session::new(bench.settings.clone());
    let read = Request::read("getPhone", Body::new()).unwrap();
    let write = Request::write("updatePhone", Body::new(), Vec::new()).unwrap();
    for request in [&read, &write] {
        for unsent in [
            AxlError::Unreachable { why: "refused".to_owned() },
            AxlError::Timeout { operation: request.operation, sent: false },
        ] {
            let mut left = 1;
            let again = |left: &mut u32| session.worth_waiting(request, &unsent, left);
            assert_eq!(again(&mut left), Some(WaitCause::Network));
            assert_eq!(again(&mut left), None, "not for ever");
        }
        let sent = AxlError::Timeout { operation: request.operation, sent: true };
        assert_eq!(session.worth_waiting(request, &sent, &mut 1), None);
    }
}

#[tokio::test]
async fn lists_of_groups_shrink_until_they_fit() {
    let bench = after_connect(|seen, _| {
        let number = |name: &str| -> usize {
            let (_, rest) = seen.body.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.parse().unwrap()
        };
        let (skip, first) = (number("skip"), number("first"));
        if first > 100 {
            return fault(-1, "Query request too large. Suggestive Row Fetch: less than 200 rows");
        }
        let group = |number| format!("<userGroup><name>Group {number}</name></userGroup>");
        let page: String = (0..150).skip(skip).take(first).map(group).collect();
        answer("listUserGroup", &page)
    })
    .await;
    let groups = bench.reader().await.user_groups("%").await.unwrap();
    assert_eq!((groups.len(), groups.last().unwrap().as_str()), (150, "Group 149"));
    assert_eq!(bench.responder.count(), CONNECTING + 3);
}

#[tokio::test]
async fn a_server_that_does_not_page_is_not_asked_for_ever() {
    let group = |number| format!("<userGroup><name>Group {number}</name></userGroup>");
    let all: String = (0..1000).map(group).collect();
    let bench = after_connect(move |_, _| answer("listUserGroup", &all)).await;
    let groups = bench.reader().await.user_groups("%").await.unwrap();
    assert_eq!(groups.len(), 1000);
    assert_eq!(bench.responder.count(), CONNECTING + 2);
}

#[tokio::test]
async fn a_get_that_the_account_may_not_make_is_not_an_absent_object() {
    let bench = after_connect(|_, before| match before {
        0 => fault(5003, "User rank of axladmin is lower: AppUser not found"),
        _ => fault(5007, "Item not valid: The specified x was not found"),
    })
    .await;
    let reader = bench.reader().await;
    assert!(reader.application_user("x").await.is_err());
    assert_eq!(reader.application_user("x").await.unwrap(), None);
}
