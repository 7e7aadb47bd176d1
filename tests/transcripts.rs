//! Recorded sessions of the platform shell, played by the sandbox's SSH server and judged by the client. The sessions
//! are made of what documents and public transcripts show; a node's second lasts 20 ms.

use ippactl::clients::platform::{
    ReadCommand, Replication, RestartEnd, ServiceName, ServiceState, ShellError, ShellReader,
    ShellWriter,
};

use crate::console::{Console, timings};

macro_rules! session {
    ($name:literal) => {
        Console::playing(include_str!(concat!("transcripts/", $name, ".txt")))
    };
}

async fn begin(node: &Console) -> ShellReader {
    node.connect().await.unwrap()
}

async fn restart(node: &Console, service: &str) -> Result<RestartEnd, ShellError> {
    let mut writer = ShellWriter::new(begin(node).await);
    writer.restart(&ServiceName::new(service).unwrap()).await
}

const TOMCAT: &str = "Cisco Finesse Tomcat";

#[tokio::test]
async fn cucm_11_5() {
    let node = session!("cucm-11.5");
    let mut shell = begin(&node).await;
    let version = shell.version().await.unwrap();
    assert_eq!(version.version, "11.5.1.10000-6");
    assert_eq!(version.options, ["ciscocm.example_v1.0.cop.sgn"]);
    let cluster = shell.show(ReadCommand::NetworkCluster).await.unwrap();
    assert!(cluster.starts_with("192.0.2.21 ") && cluster.ends_with("cucm-sub2"), "{cluster}");
    assert!(!shell.dns_unreachable());
    let typed = node.commands();
    assert_eq!(typed, ["set cli pagination off", "show version active", "show network cluster"]);
}

#[tokio::test]
async fn finesse_12_5() {
    let node = session!("finesse-12.5");
    let mut shell = begin(&node).await;
    let list = shell.services().await.unwrap();
    assert_eq!((list.services.len(), list.primary), (10, Some(true)));
    assert_eq!(list.state(TOMCAT), Some(&ServiceState::Started));
    assert_eq!(list.service("Cisco DirSync").unwrap().reason, "Service Not Activated");
    let replication = shell.replication().await.unwrap();
    assert!(replication.complete() && !replication.in_progress);
    assert_eq!((replication.nodes.len(), replication.queued()), (2, Some(0)));
    let end = ShellWriter::new(shell).restart(&ServiceName::finesse_tomcat()).await;
    assert_eq!(end.unwrap(), RestartEnd::Started);
}

#[tokio::test]
async fn cucm_14_and_an_account_in_unknown_words() {
    let node = session!("cucm-14");
    let mut shell = begin(&node).await;
    let myself = shell.show(ReadCommand::Myself).await.unwrap();
    assert!(myself.ends_with("level of nobody's invention = ONE"), "{myself}");
    assert_eq!(shell.version().await.unwrap().version, "14.0.1.13900-155");
    let replication = shell.replication().await.unwrap();
    assert!(replication.complete() && !replication.in_progress);
    assert_eq!(replication.nodes[1].address, "2001:db8::22");
}

#[tokio::test]
async fn cucm_15_with_a_nudge() {
    let node = session!("cucm-15");
    let mut shell = begin(&node).await;
    assert_eq!(shell.version().await.unwrap().version, "15.0.1.11900-40");
    let list = shell.services().await.unwrap();
    assert_eq!((list.primary, list.notification_service()), (Some(false), None));
    let service = ServiceName::new("Cisco Trust Verification Service").unwrap();
    let end = ShellWriter::new(shell).restart(&service).await.unwrap();
    assert_eq!(end, RestartEnd::Started);
    assert_eq!(node.commands().len(), 4, "{:?}", node.commands());
}

#[tokio::test]
async fn dns_warning() {
    let node = session!("dns-warning");
    assert!(begin(&node).await.dns_unreachable());
}

#[tokio::test]
async fn first_characters_lost() {
    let node = session!("first-characters-lost");
    assert_eq!(restart(&node, TOMCAT).await.unwrap(), RestartEnd::Started);
    assert_eq!(node.commands()[0], "i pagination off");
}

#[tokio::test]
async fn a_prompt_after_a_minute() {
    let node = session!("late-prompt");
    let mut shell = begin(&node).await;
    assert_eq!(shell.show(ReadCommand::Myself).await.unwrap(), "level 1");
}

#[tokio::test]
async fn a_second_prompt_while_the_answer_is_awaited() {
    let node = session!("prompt-twice");
    let mut shell = begin(&node).await;
    assert_eq!(shell.show(ReadCommand::Myself).await.unwrap(), "level 1");
}

#[tokio::test]
async fn words_of_prompts_inside_an_output() {
    let node = session!("prompt-words");
    let status = begin(&node).await.show(ReadCommand::Status).await.unwrap();
    assert!(status.starts_with("Host Name") && status.ends_with("10 days"), "{status}");
    assert!(status.contains("Password:\nuser admin: is at the console"), "{status}");
}

#[tokio::test]
async fn the_pager_is_answered() {
    let node = session!("command-pager");
    let list = begin(&node).await.services().await.unwrap();
    assert_eq!((list.services.len(), list.primary), (4, Some(true)));
}

#[tokio::test]
async fn the_pager_of_files_is_a_question() {
    let node = session!("file-view-pager");
    let error = begin(&node).await.show(ReadCommand::Status).await.unwrap_err();
    assert!(
        matches!(&error, ShellError::Question { question, .. } if question.contains("lines 1 - 20 of 374")),
        "{error}"
    );
}

#[tokio::test]
async fn pagination_that_may_not_be_switched_off() {
    let node = session!("pagination-refused");
    let mut shell = begin(&node).await;
    let cluster = shell.show(ReadCommand::NetworkCluster).await.unwrap();
    assert_eq!(cluster.lines().count(), 2, "{cluster}");
    assert!(!cluster.contains("Press"), "{cluster}");
}

#[tokio::test]
async fn colours_and_erased_lines() {
    let node = session!("colours-and-erased-lines");
    let list = begin(&node).await.services().await.unwrap();
    assert_eq!((list.services.len(), list.primary), (2, Some(true)));
    assert_eq!(list.state(TOMCAT), Some(&ServiceState::Started));
}

#[tokio::test]
async fn spinners() {
    let node = session!("spinner");
    assert_eq!(restart(&node, TOMCAT).await.unwrap(), RestartEnd::Started);
}

#[tokio::test]
async fn a_session_that_ends_in_a_restart() {
    let node = session!("dropped-in-restart");
    let error = restart(&node, TOMCAT).await.unwrap_err();
    assert!(matches!(error, ShellError::Dropped { sent: true, .. }), "{error}");
    assert!(error.outcome_unknown(), "it is looked at again, not taken for either");
}

#[tokio::test]
async fn a_prompt_after_starting_is_no_end() {
    let node = session!("prompt-after-starting");
    let mut writer = ShellWriter::new(begin(&node).await);
    let end = writer.restart(&ServiceName::finesse_tomcat()).await.unwrap();
    assert_eq!(end, RestartEnd::Starting);
    for state in [ServiceState::Starting, ServiceState::Started] {
        let list = writer.reader().services().await.unwrap();
        assert_eq!(list.state(TOMCAT), Some(&state));
    }
}

#[tokio::test]
async fn a_restart_that_fails() {
    let node = session!("restart-failed");
    let end = restart(&node, TOMCAT).await.unwrap();
    assert_eq!(end, RestartEnd::Failed("Cisco Finesse Tomcat[FAILED]".to_owned()));
}

#[tokio::test]
async fn command_successful_is_to_be_confirmed() {
    let node = session!("command-successful");
    assert_eq!(restart(&node, "Engine").await.unwrap(), RestartEnd::Starting);
}

#[tokio::test]
async fn a_question_nobody_expects() {
    let node = session!("unexpected-question");
    let begun = std::time::Instant::now();
    let error = restart(&node, TOMCAT).await.unwrap_err();
    assert!(begun.elapsed() < timings().change, "at once");
    assert!(
        matches!(&error, ShellError::Question { question, .. } if question == "Continue (y/n)?")
    );
    assert!(error.trouble("fin-a").why.contains("Continue (y/n)?"));
}

#[tokio::test]
async fn a_question_without_the_usual_choices() {
    let node = session!("question-of-another-kind");
    let begun = std::time::Instant::now();
    let error = restart(&node, TOMCAT).await.unwrap_err();
    assert!(begun.elapsed() < timings().change, "long before the limit");
    assert!(
        matches!(&error, ShellError::Question { question, .. } if question == "Do you want that?"),
        "{error}"
    );
}

#[tokio::test]
async fn a_prompt_that_counts_commands() {
    let node = session!("command-count");
    let begun = std::time::Instant::now();
    let error = node.connect().await.unwrap_err();
    assert!(begun.elapsed() < timings().first_prompt, "waiting would not help");
    assert!(matches!(&error, ShellError::NoPrompt { shown, .. } if shown.ends_with("1 admin:")));
    assert!(error.trouble("fin-a").next.contains("set commandcount"));
}

async fn replication(node: &Console) -> Replication {
    begin(node).await.replication().await.unwrap()
}

#[tokio::test]
async fn replication_in_the_current_layout() {
    let read = replication(&session!("replication-current")).await;
    assert!(read.complete());
    assert_eq!(read.queued(), Some(7), "not complete for whoever looks at the queue");
}

#[tokio::test]
async fn replication_in_the_short_layout() {
    let read = replication(&session!("replication-short")).await;
    assert!(read.complete());
    assert_eq!((read.nodes.len(), read.queued()), (2, None));
}

#[tokio::test]
async fn replication_in_the_oldest_layout() {
    let read = replication(&session!("replication-oldest")).await;
    assert!(read.complete());
    assert_eq!(read.queued(), Some(128));
    assert_eq!(read.nodes[0].detail, "PUB Setup Completed");
}

#[tokio::test]
async fn every_state_of_replication() {
    let node = session!("replication-states");
    let mut shell = begin(&node).await;
    for (complete, broken) in
        [(false, 0), (false, 0), (true, 0), (false, 1), (false, 1), (false, 1)]
    {
        let read = shell.replication().await.unwrap();
        assert_eq!((read.complete(), read.broken().len()), (complete, broken), "{read:?}");
    }
}

#[tokio::test]
async fn a_replication_check_in_progress() {
    let read = replication(&session!("replication-in-progress")).await;
    assert!(read.in_progress && read.complete());
}

#[tokio::test]
async fn a_wrong_number_of_rows() {
    let node = session!("replication-wrong-rows");
    let mut shell = begin(&node).await;
    for _ in 0..2 {
        let error = shell.replication().await.unwrap_err();
        assert!(matches!(&error, ShellError::NotRecognised { .. }), "{error}");
        assert!(error.to_string().contains("another number of rows"), "{error}");
    }
}

#[tokio::test]
async fn replication_of_a_single_server() {
    let node = session!("replication-single");
    let mut shell = begin(&node).await;
    assert!(shell.replication().await.unwrap().complete(), "one row that parses");
    for _ in 0..2 {
        let error = shell.replication().await.unwrap_err();
        assert!(matches!(error, ShellError::NotRecognised { .. }), "not checked: {error}");
    }
}

#[tokio::test]
async fn uccx_with_two_nodes() {
    let node = session!("uccx");
    let mut shell = begin(&node).await;
    let list = shell.services().await.unwrap();
    let notification = list.notification_service().unwrap();
    assert_eq!(notification.name, "Cisco Unified CCX Notification Service");
    let queued = shell.uccx_servers().await.unwrap().unwrap();
    assert!(!queued.complete());
    assert_eq!(queued.first_bad().unwrap().queue, 3);
    assert!(shell.uccx_servers().await.unwrap().unwrap().complete());
    let error = shell.uccx_servers().await.unwrap_err();
    assert!(matches!(error, ShellError::NotRecognised { .. }), "one server of two: {error}");
    assert_eq!(shell.uccx_servers().await.unwrap(), None, "a shell that does not know it");
}
