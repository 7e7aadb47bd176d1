//! Pages of bulk reads, against a throw-away responder.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;

use super::bench::{CONNECTING, after_connect, answer, fault, value_row};
use crate::clients::axl::DeviceFact;
use crate::clients::responder::{Reply, Seen};

/// How many rows, and behind which number.
fn asked(seen: &Seen) -> (usize, usize) {
    let first = seen.body.split_once("select first ").and_then(|(_, rest)| rest.split_once(' '));
    let behind = seen.body.split_once("v.pkid &gt; '00000000-0000-0000-0000-");
    let begin = behind.map_or(0, |(_, rest)| rest[..12].parse().unwrap());
    (first.unwrap().0.parse().unwrap(), begin)
}

/// The page that was asked for, of so many rows.
fn page_of(all: usize, seen: &Seen) -> Reply {
    let (first, begin) = asked(seen);
    answer("executeSQLQuery", &(begin + 1..=all).take(first).map(value_row).collect::<String>())
}

#[tokio::test]
async fn pages_shrink_until_they_fit_and_go_on_beyond_the_last_key() {
    let bench = after_connect(|seen, _| {
        if asked(seen).0 > 10 {
            return fault(-1, "Query request too large. Suggestive Row Fetch: less than 20 rows");
        }
        page_of(25, seen)
    })
    .await;
    let reader = bench.reader().await;
    let values = reader.values_of(&["SEP1".to_owned()]).await.unwrap();
    assert_eq!(values.len(), 25);
    assert_eq!(bench.responder.count(), CONNECTING + 1 + 3, "connect, too large, three pages");
    let services = ["Finesse".to_owned()];
    let page = reader.values(&services).next_alone().await.unwrap().unwrap();
    assert_eq!(page.next.unwrap().to_string(), "00000000-0000-0000-0000-000000000010");
    assert!(reader.values_of(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_does_not_page_is_an_error() {
    let bench = after_connect(|_, _| {
        let rows: String = (1..=2001).map(value_row).collect();
        answer("executeSQLQuery", &rows)
    })
    .await;
    assert!(bench.reader().await.values_of(&["SEP1".to_owned()]).await.is_err());
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_somebody_wants_it_unless_nobody_may() {
    let bench = after_connect(|seen, _| page_of(2500, seen)).await;
    let reader = bench.reader().await;
    let services = ["Finesse".to_owned()];
    let mut pages = reader.values(&services);
    assert_eq!(pages.next_alone().await.unwrap().unwrap().rows.len(), 2000);
    assert_eq!(bench.responder.count(), CONNECTING + 1);
    assert_eq!(pages.next().await.unwrap().unwrap().rows.len(), 500);
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(bench.responder.count(), CONNECTING + 2, "the last page has no next");

    let again = bench.responder.count() + CONNECTING;
    let reader = bench.reader().await;
    let mut pages = reader.values(&services);
    assert!(pages.next().await.unwrap().unwrap().next.is_some());
    while bench.responder.count() < again + 2 {
        tokio::task::yield_now().await;
    }
    drop(pages);
    assert_eq!(reader.values_of(&services).await.unwrap().len(), 2500, "nothing is held up");
}

#[tokio::test]
async fn a_key_that_was_guessed_wrongly_costs_a_request_and_no_row() {
    // The column is the first of its name, whatever its case; an element deeper in the row is none.
    let row = |number: usize| {
        value_row(number)
            .replace("pkid>", "PKID>")
            .replace("<value>", "<x><pkid>00000000-0000-0000-0000-000000000001</pkid></x><value>")
    };
    let bench = after_connect(move |seen, _| {
        let (first, begin) = asked(seen);
        answer("executeSQLQuery", &(begin + 1..=4500).take(first).map(row).collect::<String>())
    })
    .await;
    let reader = bench.reader().await;
    let values = reader.values_of(&["SEP1".to_owned()]).await.unwrap();
    let numbers = values.iter().map(|value| value.value.expose_secret().parse::<usize>().unwrap());
    assert!(numbers.eq(1..=4500_usize));
    let asked: Vec<_> = bench.requests()[CONNECTING..].iter().map(asked).collect();
    assert!(asked.iter().any(|(_, begin)| *begin == 1), "{asked:?}");
}

#[tokio::test]
async fn a_page_that_failed_ahead_is_still_left() {
    let down = Arc::new(AtomicUsize::new(0));
    let state = Arc::clone(&down);
    let bench = after_connect(move |seen, _| {
        if asked(seen).1 > 0 && state.fetch_add(1, Ordering::SeqCst) == 0 {
            return fault(-239, "the database is away");
        }
        page_of(2500, seen)
    })
    .await;
    let reader = bench.reader().await;
    let services = ["Finesse".to_owned()];
    let mut pages = reader.values(&services);
    assert_eq!(pages.next().await.unwrap().unwrap().rows.len(), 2000);
    assert!(pages.next().await.is_err());
    assert_eq!(pages.next().await.unwrap().unwrap().rows.len(), 500);
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn names_are_asked_for_in_batches_and_found_in_their_order() {
    let bench = after_connect(|seen, _| {
        let names = seen.body.match_indices("'SEP").map(|(at, _)| &seen.body[at + 1..at + 16]);
        let row = |name| {
            format!(
                "<row><devicename>{name}</devicename><classname>Phone</classname>\
                 <modelname>Cisco 8845</modelname></row>"
            )
        };
        answer("executeSQLQuery", &names.map(row).collect::<String>())
    })
    .await;
    let names: Vec<String> = (0..4000).map(|at| format!("SEP{at:012}")).collect();
    let found = bench.reader().await.devices(&names).await.unwrap();
    assert!(found.iter().map(|device| device.name.as_str()).eq(names.iter().map(String::as_str)));
    assert_eq!(bench.responder.count(), CONNECTING + 3);
}

#[tokio::test]
async fn a_page_that_is_too_large_ahead_is_asked_for_again_by_less() {
    let bench = after_connect(|seen, _| {
        let (first, begin) = asked(seen);
        if begin > 0 && first > 300 {
            return fault(-1, "Query request too large. Suggestive Row Fetch: less than 700 rows");
        }
        page_of(2700, seen)
    })
    .await;
    let values = bench.reader().await.values_of(&["SEP1".to_owned()]).await.unwrap();
    let numbers = values.iter().map(|value| value.value.expose_secret().parse::<usize>().unwrap());
    assert!(numbers.eq(1..=2700));
    assert!(bench.requests()[CONNECTING..].iter().any(|seen| asked(seen) == (175, 2525)));
}

#[tokio::test]
async fn of_nothing_there_is_one_page_and_nobody_is_asked() {
    let bench = after_connect(|_, _| fault(-1, "asked")).await;
    let reader = bench.reader().await;
    let mut pages = reader.subscriptions(&[]);
    let page = pages.next().await.unwrap().unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(bench.responder.count(), CONNECTING);
}

#[tokio::test]
async fn configurations_that_failed_ahead_are_still_left() {
    let failed = Arc::new(AtomicUsize::new(0));
    let state = Arc::clone(&failed);
    let bench = after_connect(move |seen, _| {
        let names: Vec<&str> = seen.body.match_indices("'SEP").map(|(at, _)| &seen.body[at + 1..at + 16]).collect();
        if names[0] != "SEP000000000000" && state.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply::text(403, "");
        }
        let row = |name: &&str| {
            format!(
                "<row><devicename>{name}</devicename><modelname>Cisco 8845</modelname><profilename/>\
                 <xml4k>{}</xml4k><xml8k/><xml16k/></row>",
                "x".repeat(2000)
            )
        };
        answer("executeSQLQuery", &names.iter().map(row).collect::<String>())
    })
    .await;
    let names: Vec<String> = (0..1600).map(|at| format!("SEP{at:012}")).collect();
    let reader = bench.reader().await;
    let mut configurations = reader.configurations(&names);
    let mut found = Vec::new();
    let mut refused = 0;
    while configurations.left() > 0 {
        match configurations.next().await {
            Ok(some) => found.extend(some),
            Err(_) => refused += 1,
        }
    }
    assert_eq!(refused, 1);
    assert!(found.iter().map(|phone| &phone.device).eq(&names));
    assert!(configurations.next().await.unwrap().is_empty());
}

#[tokio::test]
async fn facts_that_cannot_be_asked_together_are_told_of_every_device() {
    let bench = after_connect(|seen, _| {
        let locale = seen.body.contains("localename");
        if locale || seen.body.contains("ctiflag") && seen.body.contains("modelname") {
            return fault(-201, "A syntax error has occurred.");
        }
        let names = seen.body.match_indices("'SEP").map(|(at, _)| &seen.body[at + 1..at + 16]);
        let row = |name| {
            format!("<row><devicename>{name}</devicename><modelname>m</modelname><ctiflag>t</ctiflag></row>")
        };
        answer("executeSQLQuery", &names.map(row).collect::<String>())
    })
    .await;
    let names: Vec<String> = (0..6000).map(|at| format!("SEP{at:012}")).collect();
    let facts = [DeviceFact::Model, DeviceFact::CtiControl, DeviceFact::UserLocale];
    let read = bench.reader().await.device_facts(&names, &facts).await.unwrap();
    assert_eq!(read.refused.keys().collect::<Vec<_>>(), [&DeviceFact::UserLocale]);
    let told = |name: &String| read.told[name.as_str()].keys().copied().collect::<Vec<_>>();
    assert!(names.iter().all(|name| told(name) == [DeviceFact::Model, DeviceFact::CtiControl]));
    // Four batches of two statements, and what the first two tried in vain: all together, and the locale.
    assert_eq!(bench.responder.count(), CONNECTING + 8 + 4);
}
