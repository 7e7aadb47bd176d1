//! What the report rests on: playbook, release, accounts and roles, requests, journal, and the chain of kept reports.

use crate::report::style::count;
use crate::report::{Report, Section};

use super::markup::Html;

/// Of one deployment.
pub(super) fn draw(html: &mut Html, section: &Section) {
    html.raw("<section><h3>Evidence</h3>\n<dl class=\"wide\">");
    if let Some(scope) = &section.scope {
        html.pair("playbook", &scope.playbook);
        html.pair("product", &format!("{} {}", scope.product.to_uppercase(), scope.release));
        html.pair("direct database writes", &format!("sql_writes: {}", scope.sql_writes));
        if let Some(shard) = scope.shard {
            html.pair("part of the devices", &format!("{} of {}", shard.index, shard.of));
        }
        // A report that was kept does not say.
        let took = Some(scope.milliseconds).filter(|took| *took > 0);
        html.pair("took", &took.map_or(String::new(), duration));
    }
    if section.plan.read_back {
        html.pair("read back", "everything was read again after the last write");
    }
    html.pair("journal", section.journal.as_deref().unwrap_or(""));
    if section.plan.counts.writes > 0 {
        html.pair("written", &count(section.plan.counts.writes, "write"));
    }
    let requests: Vec<String> =
        section.requests.iter().map(|(name, number)| format!("{name} {number}")).collect();
    html.pair("requests", &requests.join(", "));
    if let Some(captured) = &section.captured {
        let exchanges = count(captured.exchanges.values().sum(), "exchange");
        html.pair("captured", &format!("{exchanges} in {}: {}", captured.folder, captured.holds));
        html.pair("replaced", &count(captured.secrets, "secret"));
        html.pair("not captured", &captured.missing.join("; "));
    }
    html.raw("</dl>\n");
    accounts(html, section);
    html.raw("</section>\n");
}

fn accounts(html: &mut Html, section: &Section) {
    let Some(scope) = section.scope.as_ref().filter(|scope| !scope.accounts.is_empty()) else {
        return;
    };
    html.raw("<h4>Accounts</h4>\n<table class=\"plain\"><thead><tr><th scope=\"col\">Interface</th><th scope=\"col\">User</th>");
    html.raw("<th scope=\"col\">Role that reading needs</th></tr></thead><tbody>\n");
    for account in &scope.accounts {
        html.raw("<tr><th scope=\"row\">").text(&account.interface).raw("</th>");
        html.element("td", "", &account.user).element("td", "", &account.role).raw("</tr>\n");
    }
    html.raw("</tbody></table>\n");
}

/// Of the whole call.
pub(super) fn of_call(html: &mut Html, report: &Report) {
    html.raw("<footer><dl class=\"wide\">");
    html.pair("command", &format!("ippactl {}", report.subject.word()));
    html.pair("tool", concat!("ippactl ", env!("CARGO_PKG_VERSION")));
    html.pair("started", &super::moment(&report.started));
    html.pair("closing", report.closing.as_deref().unwrap_or(""));
    if let Some(chain) = &report.chain {
        let keyed = if chain.keyed { "keyed" } else { "not keyed" };
        html.raw("<dt>chain of kept reports</dt><dd>")
            .text(&count(chain.entries, "entry").replace("entrys", "entries"));
        html.raw(", ").raw(keyed).raw(", head <code>").text(&chain.head).raw("</code></dd>");
    }
    html.raw("</dl></footer>\n");
}

/// `1.2 s`, `3 min 20 s`.
fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        0..60 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(1260), "1.2 s");
        assert_eq!(duration(200_000), "3 min 20 s");
    }
}
