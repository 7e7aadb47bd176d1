//! Checks of the agents' extensions: on which device they stand, where among its lines, and who else has them.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::clients::axl::{ApplicationUser, DeviceKind, Line, Pkid};
use crate::plan::{Finding, Object, Plan};
use crate::planner::build::Inputs;
use crate::playbook::{AgentRow, Cell, Product};

use super::{Seen, finding, object};

/// JTAPI watches so many configured lines of a device (Cisco tech-note 210485, step 5).
const WATCHED: usize = 4;

/// What was read of lines.
#[derive(Debug, Default)]
pub struct LinesSeen {
    /// Lines of the roster's devices, by device, each device's in their order.
    of_devices: Vec<Line>,
    /// Every line that has an agent's number, on whatever device; nothing of numbers that only one line has.
    pub of_number: BTreeMap<CompactString, Vec<Line>>,
    /// Line groups by the key of the number; `None` where they were not read.
    pub groups: Option<BTreeMap<Pkid, BTreeSet<String>>>,
}

impl LinesSeen {
    /// Lines of devices, in any order.
    pub fn of(mut of_devices: Vec<Line>) -> Self {
        of_devices.sort_by(|a, b| (&a.device, a.index).cmp(&(&b.device, b.index)));
        of_devices.shrink_to_fit();
        Self { of_devices, ..Self::default() }
    }

    /// The lines of a device, in their order.
    pub fn of_device(&self, device: &str) -> &[Line] {
        let from = self.of_devices.partition_point(|line| line.device.as_str() < device);
        let rest = self.of_devices.get(from..).unwrap_or_default();
        let many = rest.iter().take_while(|line| line.device == device).count();
        rest.get(..many).unwrap_or_default()
    }
}

/// An agent's extension and where it belongs.
struct Extension<'a> {
    inputs: Inputs<'a>,
    lines: &'a LinesSeen,
    row: &'a AgentRow,
    number: &'a str,
    kind: DeviceKind,
    name: &'a str,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(lines) = &seen.lines else { return };
    let mut judged = BTreeSet::new();
    for row in &inputs.deployment.agents.rows {
        let Some((number, kind, name)) = place(inputs, row) else { continue };
        if !judged.insert((name, number)) {
            continue;
        }
        let extension = Extension { inputs, lines, row, number, kind, name };
        plan.findings.extend(extension.judge());
    }
}

/// A row's extension and the device that has to have it: with Extension Mobility the profile, else the phone. `None`
/// where the roster names no number, or the cluster has no such device.
pub(super) fn place<'a>(
    inputs: Inputs<'a>,
    row: &'a AgentRow,
) -> Option<(&'a str, DeviceKind, &'a str)> {
    let Cell::Value(number) = &row.extension else { return None };
    let (kind, name) = match (&row.device_profile, &row.device) {
        (Some(profile), _) => (DeviceKind::DeviceProfile, profile),
        (None, Some(device)) => (DeviceKind::Phone, device),
        (None, None) => return None,
    };
    let there = inputs.observation.has(name, kind);
    there.then_some((number.as_str(), kind, name.as_str()))
}

impl<'a> Extension<'a> {
    fn judge(&self) -> Vec<Finding> {
        let uccx = self.inputs.deployment.finesse.product == Product::Uccx;
        let mut found = Vec::new();
        match self.position() {
            None => found.push(self.absent()),
            Some((position, line)) => {
                if uccx {
                    found.extend(self.beyond_fourth(position));
                    found.extend(self.in_line_group(line));
                }
                found.extend(self.busy_trigger(line));
            }
        }
        found.extend(self.shared());
        found
    }

    fn finding(
        &self,
        check: &'static str,
        field: &str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Finding {
        let field = format!("extension {}{field}", self.number);
        finding(check, self.object(), field, expected, found, Some(&self.row.at))
    }

    fn object(&self) -> Object {
        object(self.kind, self.name)
    }

    fn lines_of(&self, device: &str) -> &'a [Line] {
        self.lines.of_device(device)
    }

    /// The extension's line on its device, counted among the configured ones from 1.
    fn position(&self) -> Option<(usize, &'a Line)> {
        let lines = self.lines_of(self.name);
        let at = lines.iter().position(|line| line.number == self.number)?;
        Some((at + 1, lines.get(at)?))
    }

    /// Nowhere, or on the phone although the agent has a device profile.
    fn absent(&self) -> Finding {
        let phone = self.row.device.as_deref().filter(|_| self.kind == DeviceKind::DeviceProfile);
        let has = |device: &&str| self.lines_of(device).iter().any(|l| l.number == self.number);
        if let Some(phone) = phone.filter(has) {
            let (shall, is) = ("on the device profile", format!("on the phone {phone}"));
            return self.finding("extension-on-phone-not-profile", "", shall, is);
        }
        let lines = self.lines_of(self.name);
        let listed: Vec<&str> = lines.iter().take(6).map(|line| line.number.as_str()).collect();
        let found = match lines.len() {
            0 => "no line".to_owned(),
            6.. => format!("lines {} and others", listed.join(", ")),
            _ => format!("lines {}", listed.join(", ")),
        };
        self.finding("extension-not-on-phone", "", "one of its lines", found)
    }

    fn beyond_fourth(&self, position: usize) -> Option<Finding> {
        let is = || format!("line {position}");
        let shall = format!("among the first {WATCHED} configured lines");
        (position > WATCHED)
            .then(|| self.finding("extension-beyond-fourth-line", ": position", shall, is()))
    }

    fn in_line_group(&self, line: &Line) -> Option<Finding> {
        let groups = self.lines.groups.as_ref()?.get(&line.key)?;
        let is: Vec<&str> = groups.iter().map(String::as_str).collect();
        Some(self.finding("extension-in-line-group", ": line groups", "none", is.join(", ")))
    }

    fn busy_trigger(&self, line: &Line) -> Option<Finding> {
        if (line.calls, line.busy) == (Some(2), Some(1)) {
            return None;
        }
        let shown = |value: Option<i64>| value.map_or("not set".to_owned(), |v| v.to_string());
        let is = format!("{} and {}", shown(line.calls), shown(line.busy));
        let field = ": Maximum Number of Calls and Busy Trigger";
        Some(self.finding("extension-busy-trigger", field, "2 and 1", is))
    }

    /// One extension, one device, one partition.
    fn shared(&self) -> Option<Finding> {
        let of_number = self.lines.of_number.get(self.number).map_or(&[][..], Vec::as_slice);
        let real = |line: &&Line| {
            DeviceKind::from_class(&line.class)
                .is_some_and(|kind| kind == DeviceKind::Phone || !autogenerated(&line.device))
        };
        let holders: BTreeSet<(&str, &str)> = of_number
            .iter()
            .filter(real)
            .map(|line| (line.device.as_str(), &*line.partition))
            .collect();
        let devices: BTreeSet<&str> = holders.iter().map(|(device, _)| *device).collect();
        let partitions: BTreeSet<&str> = holders.iter().map(|(_, partition)| *partition).collect();
        if devices.len() < 2 && partitions.len() < 2 {
            return None;
        }
        let listed: Vec<String> = holders
            .iter()
            .take(5)
            .map(|(device, partition)| match *partition {
                "" => format!("{device} (no partition)"),
                partition => format!("{device} ({partition})"),
            })
            .collect();
        let more = match holders.len().saturating_sub(5) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let mut is = listed.join(", ") + &more;
        let both: Vec<&str> = devices.into_iter().filter(|d| self.under_both_users(d)).collect();
        if both.len() > 1 {
            is.push_str("; under the application user and the RMCM user at once: ");
            is.push_str(&both.join(", "));
        }
        let shall = "one device, one partition";
        Some(self.finding("extension-shared", ": devices", shall, is))
    }

    fn under_both_users(&self, device: &str) -> bool {
        let controls = |user: &Option<ApplicationUser>| {
            user.as_ref().is_some_and(|user| {
                let mut all = user.devices.iter().chain(&user.profiles);
                all.any(|name| name.eq_ignore_ascii_case(device))
            })
        };
        let seen = self.inputs.observation;
        controls(&seen.application_user) && controls(&seen.rmcm)
    }
}

/// A device profile that CUCM made of a phone: `ADP` and the phone's address.
fn autogenerated(name: &str) -> bool {
    let address = name.strip_prefix("ADP").unwrap_or_default();
    address.len() == 12 && address.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{LinesSeen, WATCHED};
    use crate::checks::stage::Stage;
    use crate::clients::axl::{ApplicationUser, Line, Pkid};

    fn line(device: &str, number: &str, index: i64) -> Line {
        Line {
            device: device.into(),
            class: if device.starts_with("SEP") { "Phone" } else { "Device Profile" }.into(),
            key: Pkid::of(number),
            number: number.into(),
            partition: "PT".into(),
            index,
            calls: Some(2),
            busy: Some(1),
            cti: Some(true),
        }
    }

    fn seen(lines: &[Line]) -> LinesSeen {
        let mut seen = LinesSeen { groups: Some([].into()), ..LinesSeen::of(lines.to_vec()) };
        for line in lines {
            seen.of_number.entry(line.number.clone()).or_default().push(line.clone());
        }
        seen
    }

    fn site(change: impl Fn(&mut Vec<Line>)) -> Stage {
        let mut lines = vec![line("UDP_1", "2001", 1), line("SEP000000000002", "2002", 1)];
        change(&mut lines);
        let mut site = Stage::cucm(&[]);
        site.seen.lines = Some(seen(&lines));
        site
    }

    #[test]
    fn as_it_should_be_nothing_is_found() {
        assert_eq!(site(|_| ()).all(), Vec::<String>::new());
        assert_eq!(Stage::cucm(&[]).all(), Vec::<String>::new(), "nothing was read");
    }

    #[test]
    fn an_extension_stands_where_the_roster_says() {
        let gone = site(|lines| lines[1].number = "2999".into());
        let found = gone.found("extension-not-on-phone");
        assert_eq!(found.len(), 1);
        assert_eq!(format!("{:?}", found[0].found), "Text(\"lines 2999\")");
        let none = site(|lines| drop(lines.remove(1)));
        assert_eq!(none.all(), ["extension-not-on-phone SEP000000000002: extension 2002"]);
        let phone = site(|lines| lines[0] = line("SEP000000000001", "2001", 1));
        assert_eq!(phone.all(), ["extension-on-phone-not-profile UDP_1: extension 2001"]);
    }

    #[test]
    fn a_line_is_counted_among_the_configured_ones() {
        let behind = |count: i64| {
            site(move |lines| {
                let others = (0..count).map(|at| line("UDP_1", &format!("30{at:02}"), at + 1));
                let all: Vec<Line> = others.chain([line("UDP_1", "2001", 90)]).collect();
                lines.splice(0..1, all);
            })
        };
        assert_eq!(behind(3).all(), Vec::<String>::new());
        assert_eq!(WATCHED, 4);
        let found = behind(4);
        assert_eq!(found.all(), ["extension-beyond-fourth-line UDP_1: extension 2001: position"]);
    }

    #[test]
    fn line_groups_and_busy_triggers() {
        let mut grouped = site(|_| ());
        let groups = [(Pkid::of("2002"), ["Sales".to_owned()].into())].into();
        grouped.seen.lines.as_mut().unwrap().groups = Some(groups);
        assert_eq!(grouped.found("extension-in-line-group").len(), 1);
        for (calls, busy) in [(Some(4), Some(2)), (Some(2), None), (None, Some(1))] {
            let site = site(|lines| (lines[1].calls, lines[1].busy) = (calls, busy));
            assert_eq!(site.found("extension-busy-trigger").len(), 1, "{calls:?} {busy:?}");
        }
    }

    #[test]
    fn what_only_uccx_minds_is_not_said_of_others() {
        let mut site =
            Stage::cucm(&[("product: uccx", "product: ucce"), (", uccx_rmcm: { user: rmcm }", "")]);
        let mut lines = seen(&[line("UDP_1", "2001", 1), line("SEP000000000002", "2002", 1)]);
        lines.groups = Some([(Pkid::of("2002"), ["Sales".to_owned()].into())].into());
        site.seen.lines = Some(lines);
        assert_eq!(site.all(), Vec::<String>::new());
    }

    #[test]
    fn an_extension_has_one_device_and_one_partition() {
        let user = |id: &str| ApplicationUser {
            id: id.to_owned(),
            devices: vec!["SEP000000000002".to_owned(), "SEP00000000000A".to_owned()],
            groups: Vec::new(),
            profiles: Vec::new(),
            presence_group: None,
        };
        let mut two = site(|lines| lines.push(line("SEP00000000000A", "2002", 1)));
        assert_eq!(two.all(), ["extension-shared SEP000000000002: extension 2002: devices"]);
        let text = |site: &Stage| format!("{:?}", site.found("extension-shared")[0].found);
        assert!(!text(&two).contains("at once"), "{}", text(&two));
        two.observation.application_user = Some(user("ippa"));
        two.observation.rmcm = Some(user("rmcm"));
        assert!(text(&two).contains("at once: SEP000000000002, SEP00000000000A"), "{}", text(&two));
        let partition = site(|lines| {
            lines.push(Line { partition: "".into(), ..line("SEP000000000002", "2002", 2) });
        });
        assert_eq!(partition.found("extension-shared").len(), 1);
        let template = site(|lines| {
            lines.push(Line { class: "Phone Template".into(), ..line("T", "2002", 1) });
            lines.push(line("ADP00112233445F", "2002", 1));
        });
        assert_eq!(template.all(), Vec::<String>::new());
    }
}
