//! The extra phones: as many as somebody wants to measure with, each with a number, and with a configuration where one
//! is asked for.
//!
//! The sizes of configurations are a Pareto distribution that is cut off at both ends, most of them near the least: from
//! 200 to 12,000 bytes the mean is 600. A phone's number alone decides its size and content. Names of elements are
//! those of 8800 phones; `programmableKey…` fills what is large, and a note the rest to the byte.

use rusqlite::{Connection, OptionalExtension, params};

use super::new_pkid;
use crate::sandbox::axl::vendor_config;

/// Shape of the distribution of sizes.
const SHAPE: f64 = 1.33;

/// Spreads consecutive numbers evenly (2^32 over the golden ratio).
const SPREAD: u32 = 0x9E37_79B9;

const NOTE: &str = "Agent desk, see the inventory of the contact center. ";
const NOTE_OPEN: &str = "<ciscoSupportField>";
const NOTE_CLOSE: &str = "</ciscoSupportField>";

const ELEMENTS: [(&str, &str); 44] = [
    ("sshAccess", "1"),
    ("settingsAccess", "1"),
    ("pcPort", "0"),
    ("spanToPCPort", "1"),
    ("voiceVlanAccess", "0"),
    ("garp", "1"),
    ("g722CodecSupport", "0"),
    ("disableSpeaker", "false"),
    ("disableSpeakerAndHeadset", "false"),
    ("daysDisplayNotActive", "1,7"),
    ("displayOnTime", "07:30"),
    ("displayOnDuration", "10:30"),
    ("displayIdleTimeout", "01:00"),
    ("displayOnWhenIncomingCall", "1"),
    ("lldpAssetId", "FCH&amp;2304"),
    ("powerPriority", "0"),
    ("enableCdpSwPort", "1"),
    ("enableCdpPcPort", "1"),
    ("enableLldpSwPort", "1"),
    ("enableLldpPcPort", "1"),
    ("recordingTone", "0"),
    ("recordingToneLocalVolume", "100"),
    ("recordingToneRemoteVolume", "50"),
    ("recordingToneDuration", ""),
    ("loggingDisplay", "1"),
    ("loadServer", ""),
    ("logServer", "syslog.example.com:514"),
    ("rtcp", "1"),
    ("autoSelectLineEnable", "0"),
    ("autoCallSelect", "1"),
    ("peerFirmwareSharing", "1"),
    ("detectCMConnectionFailure", "0"),
    ("minimumRingVolume", "0"),
    ("headsetWidebandUIControl", "1"),
    ("headsetWidebandEnable", "1"),
    ("handsetWidebandUIControl", "0"),
    ("enablePowerSavePlus", ""),
    ("powerNegotiation", "1"),
    ("provideDialTone", "1"),
    ("hideVideoByDefault", "0"),
    ("simplifiedNewCall", "0"),
    ("revertToAllCalls", "1"),
    ("dndReminderTimer", "5"),
    ("advertiseG722Codec", "1"),
];

/// Adds phones until `count` extra ones are there. Those that are there already stay as they are.
///
/// # Errors
/// The database's own.
pub(super) fn phones(
    db: &Connection,
    count: usize,
    config: Option<(usize, usize)>,
) -> rusqlite::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let key = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).optional();
    let pool = key("select pkid from devicepool where name = 'Default'")?;
    let template = key("select pkid from phonetemplate")?;
    let profile =
        key("select pkid from commonphoneconfig where name = 'Standard Common Phone Profile'")?;
    // A loaded cluster has partitions of its own: there these phones stay without a number.
    let partition = key("select pkid from routepartition where name = 'PT_Agents'")?;
    let mut phone = db.prepare(
        "insert into device (pkid, name, description, tkmodel, tkclass, tkproduct, tkdeviceprotocol, fkdevicepool, fkphonetemplate, fkcommonphoneconfig)
           values (?1, ?2, 'Extra phone', 684, 1, 569, 11, ?3, ?4, ?5) on conflict (name) do nothing",
    )?;
    for number in 0..count {
        let device = new_pkid();
        let name = format!("SEP{:012X}", 0x5C00_0000_0000_usize + number);
        if phone.execute(params![device, name, pool, template, profile])? == 0 {
            continue;
        }
        if let Some(partition) = &partition {
            line(db, &device, partition, &(40_000 + number).to_string())?;
        }
        if let Some(sizes) = config {
            let xml = xml(number, size(number, sizes));
            let sql = format!(
                "insert into {} (fkdevice, xml) values (?1, ?2)",
                vendor_config::table(&xml)
            );
            db.prepare_cached(&sql)?.execute(params![device, xml])?;
        }
    }
    Ok(())
}

/// The first line of a device: the number is made where it is not there.
fn line(db: &Connection, device: &str, partition: &str, number: &str) -> rusqlite::Result<()> {
    let held: Option<String> = db
        .prepare_cached(
            "select pkid from numplan where dnorpattern = ?1 and fkroutepartition = ?2",
        )?
        .query_row([number, partition], |row| row.get(0))
        .optional()?;
    let key = if let Some(key) = held {
        key
    } else {
        let key = new_pkid();
        db.prepare_cached(
            "insert into numplan (pkid, dnorpattern, fkroutepartition, description) values (?1, ?2, ?3, 'Extension ' || ?2)",
        )?
        .execute([&key, number, partition])?;
        key
    };
    db.prepare_cached(
        "insert into devicenumplanmap (fkdevice, numplanindex, fknumplan, label, display, displayascii) values (?1, 1, ?2, ?3, ?3, ?3)",
    )?
    .execute([device, &key, number])?;
    Ok(())
}

/// How many bytes this phone's configuration has.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand bytes, never negative"
)]
fn size(number: usize, (least, most): (usize, usize)) -> usize {
    let place = (number as u32).wrapping_mul(SPREAD);
    let share = f64::from(place) / (f64::from(u32::MAX) + 1.0);
    let cut = 1.0 - (least as f64 / most as f64).powf(SHAPE);
    let size = least as f64 / (1.0 - share * cut).powf(1.0 / SHAPE);
    (size as usize).clamp(least, most)
}

/// A configuration of so many bytes.
fn xml(number: usize, bytes: usize) -> String {
    let mut xml = String::with_capacity(bytes);
    let room = bytes.saturating_sub(NOTE_OPEN.len() + NOTE_CLOSE.len());
    let mut push = |text: &str| {
        let fits = xml.len() + text.len() <= room;
        if fits {
            xml.push_str(text);
        }
        fits
    };
    // Some have their web server on, some off, and some say nothing of it.
    match number % 3 {
        1 => push("<webAccess>1</webAccess>"),
        2 => push("<webAccess>0</webAccess>"),
        _ => true,
    };
    let first = number % ELEMENTS.len();
    let all = ELEMENTS.iter().cycle().skip(first).take(ELEMENTS.len());
    for (name, value) in all {
        let fits = match *value {
            "" => push(&format!("<{name}/>")),
            value => push(&format!("<{name}>{value}</{name}>")),
        };
        if !fits {
            break;
        }
    }
    for key in 1.. {
        let label = format!("<feature>speedDial</feature><label>Warteschlange für {key}</label>");
        if !push(&format!("<programmableKey{key}>{label}</programmableKey{key}>")) {
            break;
        }
    }
    xml.push_str(NOTE_OPEN);
    let left = room.saturating_sub(xml.len() - NOTE_OPEN.len());
    xml.extend(NOTE.chars().cycle().take(left));
    xml.push_str(NOTE_CLOSE);
    xml
}

#[cfg(test)]
mod tests {
    use super::{size, xml};
    use crate::sandbox::axl::vendor_config::element;

    #[test]
    fn sizes_are_spread_and_their_mean_is_600() {
        let sizes: Vec<usize> = (0..50_000).map(|number| size(number, (200, 12_000))).collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((590..=610).contains(&mean), "{mean}");
        assert_eq!(sizes.iter().min(), Some(&200));
        assert!(sizes.iter().max().unwrap() > &11_500);
        assert_eq!(size(77, (500, 500)), 500);
    }

    #[test]
    fn a_configuration_is_as_long_as_it_should_be_and_is_xml() {
        for (number, bytes) in [(0, 200), (1, 201), (2, 640), (46, 4_000), (7, 12_000)] {
            let text = xml(number, bytes);
            assert_eq!(text.len(), bytes);
            let config = element(&text);
            assert_eq!(config.inner_xml(), text);
            assert!(config.children.len() > 2, "{text}");
            let web = [None, Some("1"), Some("0")][number % 3];
            assert_eq!(config.value("webAccess"), web);
        }
    }
}
