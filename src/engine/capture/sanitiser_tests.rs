//! What is taken out of exchanges, and what stays.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::sanitiser::{Interface, Sanitiser};

const SERVICE: &str = "<e:Envelope xmlns:e=\"x\"><e:Body><n:getIpPhoneServicesResponse xmlns:n=\"y\"><return><ipPhoneServices>\
    <serviceName>Cisco Finesse</serviceName><serviceUrl>http://f/#DEVICENAME#</serviceUrl><parameters><parameter><name>id</name>\
    <default/><paramPassword>false</paramPassword></parameter><parameter><name>password</name><default>Defa&amp;ult</default>\
    <paramPassword>t</paramPassword></parameter></parameters></ipPhoneServices></return></n:getIpPhoneServicesResponse></e:Body></e:Envelope>";

fn row(text: &str) -> String {
    format!("<return><row>{text}</row></return>")
}

fn kept(sanitiser: &mut Sanitiser, text: &str) -> String {
    sanitiser.reply(Interface::Axl, 200, text.as_bytes()).unwrap()
}

#[test]
fn one_value_is_one_placeholder_wherever_it_stands() {
    let mut sanitiser = Sanitiser::new(None);
    let service = kept(&mut sanitiser, SERVICE);
    assert!(service.contains("<default>captured-0001</default>"), "{service}");
    let subscription = row(
        "<pkid>{A1}</pkid><telecastername>Cisco Finesse</telecastername><serviceurl>http://f/#DEVICENAME#?id=1001&amp;password=a%26b</serviceurl>\
         <secureserviceurl/><urltemplate>http://f/#DEVICENAME#</urltemplate><secureurltemplate/>",
    );
    let subscription = kept(&mut sanitiser, &subscription);
    assert!(subscription.contains("?id=1001&amp;password=captured-0002<"), "{subscription}");
    let value = |name: &str, value: &str| {
        row(&format!(
            "<subscriptionkey>a1</subscriptionkey><parametername>{name}</parametername><VALUE>{value}</VALUE>"
        ))
    };
    let kept_value = kept(&mut sanitiser, &value("password", "a&amp;b"));
    assert!(kept_value.contains("<VALUE>captured-0002</VALUE>"), "{kept_value}");
    assert!(kept(&mut sanitiser, &value("id", "1001")).contains("<VALUE>1001</VALUE>"));
    let declared = BTreeMap::from([("1001".to_owned(), SecretString::from("a&b"))]);
    let owners = sanitiser.owners(&declared);
    assert_eq!(owners["captured-0002"], ["1001"]);
}

#[test]
fn of_services_that_nobody_knows_no_value_is_kept() {
    let mut sanitiser = Sanitiser::new(None);
    let text = row(
        "<pkid>b</pkid><telecastername>Other</telecastername><serviceurl>http://o/x?id=9&amp;pin=8</serviceurl><urltemplate/>",
    );
    assert!(
        kept(&mut sanitiser, &text).contains("?id=captured-0001&amp;captured-0002=captured-0003<")
    );
}

#[test]
fn configurations_keep_all_but_secrets() {
    let mut sanitiser = Sanitiser::new(None);
    let text = row(
        "<devicename>SEP1</devicename><xml4k>&lt;webAccess&gt;0&lt;/webAccess&gt;&lt;sshPwd&gt;p&amp;amp;q&lt;/sshPwd&gt;&lt;a&gt;&lt;adminPassword&gt;&lt;b&gt;p&amp;amp;q&lt;/b&gt;&lt;/adminPassword&gt;&lt;/a&gt;</xml4k>",
    );
    let clean = kept(&mut sanitiser, &text);
    assert!(clean.contains("&lt;webAccess&gt;0&lt;/webAccess&gt;"), "{clean}");
    assert_eq!(clean.matches("captured-0001").count(), 2, "{clean}");
    let open = "<phone><vendorConfig><unlockPwd>x9</unlockPwd><pinLength>4</pinLength><a server=\"https://u:x9@h/?t=x9\"/></vendorConfig></phone>";
    let clean = kept(&mut sanitiser, open);
    assert!(!clean.contains("x9"), "{clean}");
    assert!(clean.contains("\"https://u:captured-0002@h/?t=captured-0002\""), "{clean}");
}

#[test]
fn of_a_sites_settings_only_the_user_is_kept() {
    let mut sanitiser = Sanitiser::new(Some("//userName"));
    let text = "<s><auth mode=\"m\"><userName>ippa</userName><other>hidden</other></auth></s>";
    let clean = sanitiser.reply(Interface::Settings, 200, text.as_bytes()).unwrap();
    assert!(clean.contains("<userName>ippa</userName>") && !clean.contains("hidden"), "{clean}");
    assert!(!clean.contains("\"m\""), "{clean}");
}

#[test]
fn the_form_loses_its_password_and_the_page_its_surroundings() {
    let mut sanitiser = Sanitiser::new(None);
    let form = b"UserID=ippa&Password=a%26b&devicename=SEP1";
    let kept = sanitiser.request(Interface::Authenticate, form).unwrap();
    assert_eq!(kept, "UserID=ippa&devicename=SEP1");
    let page = |sanitiser: &mut Sanitiser, text: &str| {
        sanitiser.reply(Interface::Authenticate, 200, text.as_bytes())
    };
    assert_eq!(page(&mut sanitiser, "\r\nauthorized\n").as_deref(), Some("AUTHORIZED"));
    assert_eq!(page(&mut sanitiser, "<html>x</html>"), None);
}

#[test]
fn errors_quote_no_known_secret() {
    let mut sanitiser = Sanitiser::new(None);
    kept(&mut sanitiser, &SERVICE.replace("Defa&amp;ult", "Tell-me-9"));
    let fault = "<Fault><faultstring>near 'Tell-me-9'</faultstring></Fault>";
    let clean = sanitiser.reply(Interface::Axl, 500, fault.as_bytes()).unwrap();
    assert!(clean.contains("near &apos;captured-0001&apos;"), "{clean}");
}

#[test]
fn texts_in_texts_end_somewhere() {
    let mut text = "<password>Deep</password>".to_owned();
    for level in 0..12 {
        text = format!("<a{level}>{}</a{level}>", quick_xml::escape::escape(text.as_str()));
    }
    let mut sanitiser = Sanitiser::new(None);
    let kept = kept(&mut sanitiser, &row(&text));
    assert!(!kept.contains("Deep") && kept.contains("captured-0001"), "{kept}");
    // As deep as an answer can be made: two thousand times written as text.
    let amp = |depth: usize| format!("&{}", "amp;".repeat(depth));
    let open = |depth| format!("{}lt;b>", amp(depth));
    let deep = (0..2000).map(open).collect::<Vec<String>>().concat();
    drop(sanitiser.reply(Interface::Axl, 200, row(&format!("<v>{deep}</v>")).as_bytes()));
    let long = format!("<e>{}</e>", "x".repeat(100_000));
    assert_eq!(sanitiser.reply(Interface::Finesse, 500, long.as_bytes()), None);
    assert!(sanitiser.reply(Interface::Finesse, 200, long.as_bytes()).is_some());
}
