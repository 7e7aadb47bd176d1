//! The pair of Finesse nodes under a clock of the test's own.

use std::time::{Duration, Instant};

use crate::sandbox::finesse::cluster::{Cluster, Side};
use crate::sandbox::finesse::node::{
    Client, Credentials, End, Maintenance, Order, Process, SignedIn, Web,
};
use crate::sandbox::options::{FinesseOptions, Times};

const TIMES: Times =
    Times { tomcat_started_ms: 300, in_service_ms: 600, replication_ms: 400, row_lag_ms: 0 };

fn pair() -> (Cluster, Instant) {
    let options = FinesseOptions { times: TIMES, ..FinesseOptions::default() };
    (Cluster::new(&options), Instant::now())
}

fn ms(at: u64) -> Duration {
    Duration::from_millis(at)
}

fn kinds(cluster: &mut Cluster) -> Vec<&'static str> {
    std::mem::take(&mut cluster.news).into_iter().map(|news| news.kind).collect()
}

#[test]
fn the_process_runs_before_the_application_works() {
    let (mut cluster, begun) = pair();
    cluster.order(begun, Side::Primary, Order::Restart);
    for (at, process, web) in [
        (0, Process::Stopping, Web::Down),
        (150, Process::Starting, Web::Down),
        (300, Process::Started, Web::Down),
        (450, Process::Started, Web::OutOfService),
        (600, Process::Started, Web::InService),
    ] {
        cluster.advance(begun + ms(at));
        let node = &cluster.nodes[0];
        assert_eq!((node.tomcat, node.web), (process, web), "after {at} ms");
        assert_eq!(node.in_service(), at == 600);
    }
    assert_eq!(
        kinds(&mut cluster),
        ["tomcat-restart-begun", "tomcat-restart-done", "replication-complete", "in-service"]
    );
    assert!(cluster.nodes[1].in_service());
}

#[test]
fn a_saved_setting_runs_after_a_restart_and_not_before() {
    let (mut cluster, begun) = pair();
    let fresh = Credentials::of("ippa", "Secret1");
    cluster.save(begun, fresh.clone());
    cluster.advance(begun + ms(5_000));
    assert_eq!(cluster.nodes[0].stored, fresh);
    assert_eq!(cluster.nodes[1].stored, fresh, "it has been replicated");
    assert_eq!(cluster.nodes[0].running, Credentials::default());
    cluster.order(begun + ms(5_000), Side::Primary, Order::Restart);
    cluster.advance(begun + ms(5_299));
    assert_eq!(cluster.nodes[0].running, Credentials::default());
    cluster.advance(begun + ms(5_300));
    assert_eq!(cluster.nodes[0].running, fresh);
    assert_eq!(cluster.nodes[1].running, Credentials::default(), "each node for itself");
}

#[test]
fn a_secondary_restarted_too_early_runs_the_old_value_until_its_next_restart() {
    let (mut cluster, begun) = pair();
    cluster.save(begun, Credentials::of("ippa", "Secret1"));
    cluster.advance(begun + ms(399));
    assert!(cluster.replicating());
    cluster.order(begun + ms(399), Side::Secondary, Order::Restart);
    cluster.advance(begun + ms(10_000));
    assert!(!cluster.replicating());
    assert_eq!(cluster.nodes[1].stored.user, "ippa");
    assert_eq!(cluster.nodes[1].running.user, "", "it read before the row arrived");
    cluster.order(begun + ms(10_000), Side::Secondary, Order::Restart);
    cluster.advance(begun + ms(11_000));
    assert_eq!(cluster.nodes[1].running.user, "ippa");
}

#[test]
fn the_row_may_come_later_than_replication_shows_complete() {
    let (mut cluster, begun) = pair();
    cluster.knobs.times.row_lag_ms = 100;
    cluster.save(begun, Credentials::of("ippa", "Secret1"));
    cluster.advance(begun + ms(400));
    assert!(!cluster.replicating());
    assert_eq!(cluster.nodes[1].stored.user, "");
    cluster.advance(begun + ms(500));
    assert_eq!(cluster.nodes[1].stored.user, "ippa");
    assert_eq!(
        kinds(&mut cluster),
        ["settings-saved", "replication-complete", "settings-replicated"]
    );
}

#[test]
fn replication_shows_incomplete_after_a_restart_too() {
    let (mut cluster, begun) = pair();
    cluster.order(begun, Side::Primary, Order::Restart);
    cluster.advance(begun + ms(399));
    assert!(cluster.replicating());
    cluster.advance(begun + ms(400));
    assert!(!cluster.replicating());
}

#[test]
fn a_restart_signs_the_agents_of_that_node_out() {
    let (mut cluster, begun) = pair();
    let agent =
        |id: &str| SignedIn { id: id.into(), client: Client::Fippa, device: None, extension: None };
    cluster.nodes[0].signed_in = vec![agent("1001"), agent("1002")];
    cluster.nodes[1].signed_in = vec![agent("1003")];
    cluster.order(begun, Side::Primary, Order::Restart);
    assert!(cluster.nodes[0].signed_in.is_empty());
    assert_eq!(cluster.nodes[1].signed_in.len(), 1);
    let said = cluster.news.iter().find(|news| news.kind == "sign-outs").unwrap();
    assert_eq!(said.fields["agents"], serde_json::json!(["1001", "1002"]));
    assert_eq!(said.fields["node"], "fin-a.example.com");
}

#[test]
fn what_is_broken_off_or_fails_stays_down_until_it_is_started() {
    let (mut cluster, begun) = pair();
    cluster.order(begun, Side::Primary, Order::Restart);
    cluster.nodes[0].break_off();
    cluster.advance(begun + ms(5_000));
    assert_eq!(cluster.nodes[0].tomcat, Process::Stopped);
    assert!(cluster.nodes[0].is_dead());
    cluster.order(begun + ms(5_000), Side::Primary, Order::Start);
    assert_eq!(cluster.nodes[0].tomcat, Process::Starting);
    cluster.advance(begun + ms(6_000));
    assert!(cluster.nodes[0].in_service());
    cluster.knobs.failing_restarts = 1;
    cluster.order(begun + ms(6_000), Side::Primary, Order::Restart);
    cluster.advance(begun + ms(9_000));
    assert_eq!(cluster.nodes[0].tomcat, Process::Failed);
    assert!(cluster.nodes[0].is_dead());
    cluster.order(begun + ms(9_000), Side::Primary, Order::Restart);
    cluster.advance(begun + ms(10_000));
    assert!(cluster.nodes[0].in_service(), "only as many as were asked for");
    cluster.order(begun + ms(10_000), Side::Primary, Order::Stop);
    cluster.advance(begun + ms(11_000));
    assert_eq!(cluster.nodes[0].tomcat, Process::Stopped);
}

#[test]
fn a_restarted_node_comes_as_far_as_it_is_let() {
    let (mut cluster, begun) = pair();
    for (end, web) in [
        (End::ProxyAlone, Web::Down),
        (End::OutOfService, Web::OutOfService),
        (End::InService, Web::InService),
    ] {
        cluster.knobs.restarts_end = end;
        cluster.order(begun, Side::Primary, Order::Restart);
        cluster.advance(begun + ms(60_000));
        assert_eq!(cluster.nodes[0].tomcat, Process::Started);
        assert_eq!((cluster.nodes[0].web, cluster.nodes[1].web), (web, Web::InService));
    }
}

#[test]
fn a_drained_node_takes_agents_again_after_its_restart() {
    let (mut cluster, begun) = pair();
    cluster.nodes[0].maintenance = (Maintenance::Completed, begun);
    assert!(cluster.nodes[0].is_dead());
    cluster.order(begun, Side::Primary, Order::Restart);
    cluster.advance(begun + ms(600));
    assert!(!cluster.nodes[0].is_dead() && cluster.nodes[0].in_service());
}

#[test]
fn a_single_node_replicates_nothing() {
    let options = FinesseOptions { secondary: None, times: TIMES, ..FinesseOptions::default() };
    let (mut cluster, begun) = (Cluster::new(&options), Instant::now());
    cluster.save(begun, Credentials::of("ippa", "Secret1"));
    cluster.order(begun, Side::Primary, Order::Restart);
    assert!(!cluster.replicating());
    cluster.order(begun, Side::Secondary, Order::Restart);
    cluster.advance(begun + ms(1_000));
    assert_eq!(cluster.nodes[0].running.user, "ippa");
    assert_eq!(cluster.sides(), [Side::Primary]);
}
