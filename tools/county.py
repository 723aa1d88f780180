#!/usr/bin/env python3
"""Derive the data of the example county from the published item list and the rule tables.

  python3 tools/county.py           write data/county/*.csv
  python3 tools/county.py --check   compare with the committed files and verify every invariant
  python3 tools/county.py --pairs   print the national rows dropped as twins

Input: data/items-national.csv, data/divisions.csv, data/county/rules/*.csv.
Standard library only; the output depends on nothing but the input.
"""
import csv
import io
import re
import sys
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
COUNTY = DATA / "county"
RULES = COUNTY / "rules"

ITEM_COUNT = 1546
COUNTY_COUNT = 1135
NATIONAL_COUNT = 409
TWIN_COUNT = 95
BODY_COUNT = 39
WINDOW_COUNT = 134
TOWNSHIP_COUNT = 17
VILLAGE_COUNT = 134
DIVISION = "522627000000"

# ---------------------------------------------------------------- codes

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def org_check(body8):
    """Check character of GB 11714 for the first eight characters."""
    rest = 11 - sum(ORG_CHARS.index(c) * w for c, w in zip(body8, ORG_WEIGHTS)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def uscc_check(body17):
    """Check character of GB 32100 for the first seventeen characters."""
    total = sum(USCC_CHARS.index(c) * w for c, w in zip(body17, USCC_WEIGHTS))
    return USCC_CHARS[(31 - total % 31) % 31]


def make_uscc(prefix, region, serial):
    code = prefix + region + serial + org_check(serial)
    return code + uscc_check(code)


def uscc_ok(code):
    return (len(code) == 18 and set(code) <= set(USCC_CHARS)
            and uscc_check(code[:17]) == code[17] and org_check(code[8:16]) == code[16])


# ---------------------------------------------------------------- files

def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


@lru_cache(maxsize=None)
def rules(name):
    return read_csv(RULES / name)


def to_csv(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@lru_cache(maxsize=None)
def regex(pattern):
    return re.compile(pattern)


def found(pattern, text):
    return regex(pattern).search(text) is not None


# ---------------------------------------------------------------- bodies

def build_bodies():
    rows, keys = [], {}
    for pos, r in enumerate(rules("bodies.csv"), 1):
        code = make_uscc(r["prefix"], r["region"], r["serial"])
        keys[r["key"]] = code
        rows.append({
            "code": code, "name": r["name"], "short": r["short"], "kind": r["kind"],
            "level": r["level"], "duty": r["duty"], "phone": f"0855-{pos:07d}",
            "address": f"示例县凤城街道示例路{pos}号（示例地址）",
            "remedy_body": r["remedy"], "pos": pos, "counted": r["counted"]})
    return rows, keys


def build_sections(keys):
    return [{"body": keys[r["key"]], "n": n, "name": name}
            for r in rules("bodies.csv")
            for n, name in enumerate(r["sections"].split("|"), 1)]


def sector_of():
    return {r["key"]: r["sector"] for r in rules("bodies.csv")}


# ---------------------------------------------------------------- names

LEVEL_NOISE = (r"[（(](?:县级|市级|市级/县级|县级权限|县级行使|住建行使"
               r"|据省政府令第?349号[^）)]*|根据省政府349号令[^）)]*)[）)]")


def clean_name(name):
    """Full-width punctuation, no hints at levels or at other places."""
    name = re.sub(r"\s", "", name)
    name = re.sub(LEVEL_NOISE, "", name)
    name = re.sub(r"拖拉机[\\/]?联合收割机", "拖拉机和联合收割机", name)
    name = name.translate(str.maketrans("()/\\,:;", "（）、、，：；"))
    return name


def renamed(name, source_code):
    table = {r["from"]: r["to"] for r in rules("names.csv")}
    keyed = f"{name}@{source_code.split('-')[0]}"
    return table.get(keyed, table.get(name, name))


def plain(name):
    """Form in which two names are compared as equal."""
    return re.sub(r"[（）《》“”、，]", "", clean_name(name))


def core(name):
    """Looser form: the matter without the words of procedure."""
    name = re.sub(r"（.*?）", "", clean_name(name))
    name = re.sub(r"[《》“”、，的]", "", name)
    return re.sub(r"新办|审批|核发|许可证|许可|申请|办理|手续|登记|给付|发放|备案|审核|核准", "", name)


# ---------------------------------------------------------------- choice of rows

def choose_rows():
    """County rows in published order, then the national rows of county level without a twin."""
    source = read_csv(DATA / "items-national.csv")
    county = [dict(r) for r in source if r["scope"] == "county"]
    national = [dict(r) for r in source if r["scope"] == "national" and r["level"] == "县"]
    by_plain = defaultdict(list)
    for r in county:
        by_plain[plain(r["name"])].append(r)
    hand = {r["national"]: r["county"] for r in rules("twins.csv")}
    kept, pairs = [], []
    for r in national:
        twins = by_plain.get(plain(hand.get(r["name"], r["name"])))
        if twins:
            pairs.append((r, twins[0]))
            for t in twins:
                t["basis"] = t["basis"] or r["basis"]
        else:
            kept.append(r)
    extra = [dict(r) for r in source if r["name"] == "排污许可"]
    extra.append({"scope": "county", "sector": "公用企业", "name": "用水过户", "parent_item": "",
                  "task_type": "20", "basis": "", "impl_dept": "", "source_code": ""})
    return county + kept + extra, pairs


# ---------------------------------------------------------------- body, main item, situation

def body_key(row):
    text = row["parent_item"] + "|" + row["name"]
    for r in rules("body_words.csv"):
        if r["source"] in ("*", row["impl_dept"], row["sector"]) and (
                found(r["pattern"], row["name"]) or found(r["pattern"], text)):
            return r["key"]
    table = {r["source"]: r["key"] for r in rules("body_of_source.csv")}
    key = table.get(row["impl_dept"] or row["sector"])
    if key is None:
        raise SystemExit(f"no body for {row['sector']} {row['name']}")
    return key


SITUATIONS = (
    ("补证", r"补证|补办|补发|补领|遗失"),
    ("换证", r"换证|换发|换领"),
    ("", r"变更或注销|分支机构、变更|名单|发放账户|新增退休|新建、改建|设立分公司|分支机构的备案|临时号牌|恢复驾驶"),
    ("注销", r"注销|终止|免职"),
    ("延续", r"延续|延期|到期|续期|再注册|继续经营"),
    ("变更", r"变更|更正"),
    ("过户", r"过户|转移登记"),
    ("转入", r"转入"),
    ("转出", r"转出"),
    ("停业", r"停业"),
    ("恢复", r"恢复"),
    ("歇业", r"歇业"),
    ("校验", r"校验|年检|复审|复查"),
    ("新办", r"新办|新增|初领|配发|首次|设立|核发|取证|新建|成立|发放|新设|初次|注册登记|执业许可$|信息采集|^申请$"),
)


def situation_of(name, main):
    rest = name.replace(main, "") or "新办"
    for word, pattern in SITUATIONS:
        if found(pattern, rest):
            return word
    return ""


def assign_mains(items):
    """Fill main and situation; a kept national row may be the main row of published rows."""
    by_name = {r["match"]: r for r in rules("mains.csv")}
    for it in items:
        parent = clean_name(it["parent_item"])
        hand = by_name.get(it["name"])
        if hand:
            it["main"], it["situation"] = hand["main"], hand["situation"]
            continue
        via = by_name.get("~parent:" + parent)
        it["main"] = via["main"] if via else parent
        it["situation"] = ""
    heads = {(it["body_key"], core(it["name"])): it for it in items if it["scope"] == "national"}
    for it in items:
        if it["scope"] == "county" and it["name"] not in by_name:
            head = heads.get((it["body_key"], core(it["main"] or it["name"])))
            if head and head["name"] != it["name"] and head["task_type"] == it["task_type"]:
                it["main"] = head["name"]
    drop_lonely(items)
    for it in items:
        if it["main"] and not it["situation"] and it["main"] != it["name"]:
            it["situation"] = situation_of(it["name"], it["main"])


def drop_lonely(items):
    """A main item named by one row only, and being no row itself, is no group."""
    names = {(it["body_key"], it["name"]) for it in items}
    size = Counter((it["body_key"], it["main"]) for it in items if it["main"])
    for it in items:
        key = (it["body_key"], it["main"])
        if it["main"] and (size[key] == 1 and (key not in names or it["main"] == it["name"])):
            it["main"], it["situation"] = "", ""


def assign_codes(items, keys):
    """Basic code: division, type, sector, main number, sub number; numbers in order of the source."""
    sectors = sector_of()
    rows_by_name = {(it["body_key"], it["name"]): it for it in items}
    stems, numbers, subs = {}, Counter(), Counter()

    def stem_of(group, task_type, scope):
        if (group, task_type) not in stems:
            head = ("00" if scope == "national" else "52") + task_type + sectors[group[0]]
            numbers[head] += 1
            stems[group, task_type] = f"{head}{numbers[head]:03d}"
        return stems[group, task_type]

    for it in items:
        group = (it["body_key"], it["main"] or it["name"])
        head = rows_by_name.get(group, it)
        main_stem = stem_of(group, head["task_type"], head["scope"])
        stem = stem_of(group, it["task_type"], head["scope"])
        child = group[1] != it["name"]
        if child:
            subs[stem] += 1
        it["basic_code"] = f"{stem}{subs[stem] if child else 0:03d}"
        it["body"] = keys[it["body_key"]]
        it["code"] = it["body"] + "4" + it["basic_code"]
        it["main_code"] = it["body"] + "4" + main_stem + "000" if child else ""


TYPE_FIX = {"最低生活保障": "05"}


def base_items(keys):
    rows, pairs = choose_rows()
    for r in rows:
        r["body_key"] = body_key(r)
        r["name"] = renamed(clean_name(r["name"]), r["source_code"])
        r["task_type"] = TYPE_FIX.get(r["name"], r["task_type"])
    assign_mains(rows)
    assign_codes(rows, keys)
    for r in rows:
        r["main"] = r["main"] if r["main_code"] else ""
    return rows, pairs


# ---------------------------------------------------------------- facts of an item

MARKET_MAINS = "企业登记注册|个体工商户登记注册|农民专业合作社登记注册"
ESTATE = (r"(使用权|所有权).*登记$|抵押权.*登记|地役权登记|居住权登记|预告登记|更正登记|异议登记"
          r"|查封登记|承包经营权登记")
AT_ONCE = r"咨询|查询|打印|信息发布|预约|启用|解挂|挂失|密码|查阅|（指引）|投诉指引"
REFER_ONLY = r"咨询|指引|信息发布"
SHORTER = ("变更", "注销", "补证", "换证")
DECIDERS = {"排污许可": "zhbj", "校车使用许可": "xzf"}
CHECK_DAYS = {"L": "5", "LR": "5", "M": "0", "E": "0", "D": "7"}


def matches(rule, it):
    """A rule names an item exactly, or `~regex` its name, or `~main:regex` its main item, `&regex` its name."""
    if not rule.startswith("~"):
        return rule == it["name"]
    rule = rule[1:]
    if rule.startswith("main:"):
        main, _, rest = rule[5:].partition("&")
        return found(f"^({main})$", it["main"] or it["name"]) and found(rest or ".", it["name"])
    return found(rule, it["name"])


def first_rule(table, it):
    return next((r for r in rules(table) if matches(r["match"], it)), None)


def regime_of(it):
    main = it["main"] or it["name"]
    if it["task_type"] == "01":
        if it["body_key"] == "scj" and found(f"^({MARKET_MAINS})$", main):
            return "M"
        return "LR" if it["name"] in ("建筑工程施工许可", "建筑工程施工许可证核发") else "L"
    if it["body_key"] == "zrj" and it["task_type"] == "07" and found(ESTATE, it["name"]):
        return "E"
    return {"工伤认定申请": "W", "政府信息公开申请": "D"}.get(it["name"], "B")


def limits(it, sample):
    """Fill the limits; those not taken from a law that names them are marked as sample."""
    regime = it["regime"]
    it["check_days"] = "3" if it["name"] == "排污许可" else CHECK_DAYS.get(regime, "")
    rule = first_rule("limits.csv", it)
    if rule:
        it.update(statutory_days=rule["days"], statutory_unit=rule["unit"], statutory_basis=rule["basis"],
                  promised_days=rule["promised"], promised_unit=rule["punit"], kind=rule["kind"])
        sample.update(rule["sample"].split())
        if not rule["days"]:
            sample.add("statutory")
        return
    at_once = it["task_type"] == "20" and found(AT_ONCE, it["name"])
    promised = "0" if at_once or "（即办件）" in it["name"] else "5" if it["situation"] in SHORTER else "10"
    it.update(statutory_days="", statutory_unit="", statutory_basis="", promised_days=promised,
              promised_unit="WD", kind="on_spot" if promised == "0" else "promised")
    if regime == "L":
        it.update(statutory_days="20", statutory_unit="WD", statutory_basis="《行政许可法》第四十二条")
    elif regime == "E":
        it.update(statutory_days="30", statutory_unit="WD", promised_days="5", statutory_basis=(
            "《不动产登记暂行条例》第二十条：自受理登记申请之日起三十个工作日内办结。"))
    sample.add("promised")
    if regime != "E":
        sample.add("statutory")


def fees(it, sample):
    rule = first_rule("fees.csv", it)
    it["fee"], it["fee_basis"], it["fee_standard"] = (
        ("yes", rule["basis"], rule["standard"]) if rule else ("none", "", ""))
    sample.add("fee")


def certificate_in(name):
    hit = regex(r"《([^》]*证[^》]*)》").search(name) or regex(
        r"([\u4e00-\u9fff、]{2,}(?:许可证|合格证|资格证|准养证|采伐证|养殖证|检疫证书|运输证|养蜂证|证书|证明))(?:核发|签发|开具|办理|发放|$|（)").search(name)
    return re.sub("^(开具|出具|申领)", "", hit.group(1)) if hit else ""


DEFAULT_RESULTS = {"05": ("给付决定告知书", "other"), "07": ("确认结果告知书", "approval"),
                   "08": ("奖励决定", "other"), "09": ("裁决书", "approval"), "10": ("办理结果告知书", "other"),
                   "20": ("办理结果告知单", "other")}


def results(it, sample):
    fact = next((r for r in rules("facts20.csv") if r["item"] == it["name"]), None)
    if fact:
        it["result_name"], it["result_kind"] = fact["result_name"], fact["result_kind"]
        return
    sample.add("result")
    rule = first_rule("results.csv", it)
    if rule:
        it["result_name"], it["result_kind"] = rule["name"], rule["kind"]
        return
    name, kind = it["name"], it["task_type"]
    certificate = certificate_in(name)
    if found(REFER_ONLY, name) and kind == "20":
        pair = ("当场答复", "none")
    elif found("预约", name) and kind == "20":
        pair = ("预约成功通知", "none")
    elif found("查询|查阅|打印", name) and kind == "20" and not certificate:
        pair = ("查询结果", "other")
    elif kind == "01" and it["situation"] == "注销":
        pair = ("准予注销决定书", "approval")
    elif kind == "01" and certificate:
        pair = (certificate, "licence")
    elif kind == "01" and it["situation"] == "变更":
        pair = ("准予变更决定书", "approval")
    elif kind == "01":
        pair = ("准予行政许可决定书", "approval")
    elif found("备案", name):
        pair = ("备案回执", "other")
    elif certificate:
        pair = (certificate, "other")
    else:
        pair = DEFAULT_RESULTS[kind]
    it["result_name"], it["result_kind"] = pair


STATION_BODIES = {"mzh", "cl", "rsj", "ybj", "tyj", "wjj"}


def access(it, sample):
    """Visits and channels: presence only where it has a reason."""
    sample.update(("visits", "channels"))
    rule = first_rule("presence.csv", it)
    if rule:
        it.update(visits=rule["visits"], visit_reason=rule["reason"], channels=rule["channels"])
        return
    channels = ["web", "window"]
    if it["body_key"] in STATION_BODIES and it["task_type"] in ("05", "20") and "person" in it["objects"].split():
        channels.append("station")
    if found("打印|社会保障卡|查询", it["name"]) and it["task_type"] == "20":
        channels.append("kiosk")
    if found("咨询|投诉|举报|报装|新装|挂失|热线|反映|预约", it["name"]) and it["task_type"] in ("20", "10"):
        channels.append("phone")
    it.update(visits="0", visit_reason="", channels=" ".join(channels))


DEFAULT_OBJECTS = {"01": "person firm org", "10": "firm org", "20": "person firm org", "07": "person firm org",
                   "05": "person", "08": "person firm org", "09": "person firm org"}


def objects(it):
    rule = first_rule("objects.csv", it)
    return rule["objects"] if rule else DEFAULT_OBJECTS[it["task_type"]]


PERSON_SKILLS = r"执业|职业资格|职称|教师资格|驾驶员客运资格|作业人员|船员|运动员|指导员|会计专业|专业技术人员|医师|护士|医生"


def narrow(codes, it):
    """Keep the subjects of the face the item is for."""
    faces = it["objects"].split()
    if faces == ["person"]:
        skilled = found(PERSON_SKILLS, it["name"] + it["main"])
        return [c for c in codes if c[0] == "P" or c in ("F08", "F01") or (c == "F07" and skilled)]
    if "person" not in faces:
        return [c for c in codes if c[0] == "F"]
    if it["task_type"] in ("01", "10") and any(c[0] == "F" for c in codes):
        return [c for c in codes if c[0] == "F"]
    return codes


def subjects(it):
    faces = it["objects"].split()
    text = it["name"] + "|" + it["main"]
    codes = [r["codes"] for r in rules("subject_words.csv") if found(r["pattern"], text)]
    if it["situation"] in ("变更", "注销", "歇业", "停业") and it["task_type"] in ("01", "07", "10") and faces != ["person"]:
        codes.insert(0, "F03")
    codes = narrow(codes, it)
    default = {r["key"]: r["codes"] for r in rules("subject_bodies.csv")}[it["body_key"]]
    if not codes and faces == ["person"] and default[0] == "F":
        default = "P03"
    if not codes and "person" not in faces and default[0] == "P":
        default = "F05"
    codes = codes or [default]
    if (it["task_type"] == "01" and {"firm", "org"} & set(faces) and it["body_key"] in PRODUCERS
            and not {"F01", "F05"} & set(codes)):
        codes.append("F05")
    return " ".join(list(dict.fromkeys(codes))[:3])


PRODUCERS = {"scj", "nyj", "wlj", "jtj", "ycj", "lyj", "wjj", "swj"}

SITUATION_CONDITIONS = {
    "变更": "已经取得相应的证件或者登记并在有效期内;登记的事项确有变化",
    "注销": "已经取得相应的证件或者登记;不再从事相关活动或者主体终止",
    "延续": "原证件在有效期内;继续符合原来的条件;在有效期届满三十日前提出",
    "补证": "证件遗失或者损毁;原证件在有效期内",
    "换证": "原证件到期或者损坏;继续符合原来的条件",
    "过户": "原登记有效;转让双方意思一致",
}
TYPE_CONDITIONS = {
    "01": "申请事项属于本机关的职权范围;具备法律、法规规定的条件;材料齐全、符合法定形式",
    "05": "符合规定的对象范围;在本县办理;没有重复领取",
    "07": "申请人与所确认的事项有直接关系;事实清楚、材料齐全",
    "08": "符合表彰奖励的规定条件",
    "09": "申请人与争议有直接利害关系;有明确的请求、事实和理由",
    "10": "事项已经发生或者即将实施;材料齐全、内容真实",
    "20": "属于本县的服务范围;信息真实、完整",
}


def conditions(it, sample):
    fact = next((r for r in rules("facts20.csv") if r["item"] == it["name"]), None)
    if fact:
        return fact["conditions"]
    sample.add("conditions")
    if it["task_type"] in ("01", "07", "10") and it["situation"] in SITUATION_CONDITIONS:
        return SITUATION_CONDITIONS[it["situation"]]
    return TYPE_CONDITIONS[it["task_type"]]


SITUATION_INTROS = {
    "变更": "已经办理{main}的，登记的事项有变化时办理变更。",
    "注销": "不再从事相关活动的，办理{main}的注销。",
    "延续": "{main}有效期将满、还要继续的，提前办理延续。",
    "补证": "{main}的证件遗失、损毁的，申请补发。",
    "换证": "{main}的证件到期或者损坏的，换领新证。",
}


def intro(it):
    fact = next((r for r in rules("facts20.csv") if r["item"] == it["name"]), None)
    if fact:
        return fact["intro"]
    hand = next((r for r in rules("intros.csv") if matches(r["match"], it)), None)
    if hand:
        return hand["intro"]
    if it["main"] and it["task_type"] in ("01", "07", "10") and it["situation"] in SITUATION_INTROS:
        if len(it["main"]) <= 24 and found("(许可|认定|执业注册|核准)$", it["main"]):
            return SITUATION_INTROS[it["situation"]].format(main=it["main"])
    if it["task_type"] == "20":
        stem = regex(r"^(.+?)查询$").match(it["name"])
        if stem and not found("查询|打印|报名|、", stem.group(1)):
            return f"查询{stem.group(1)}，当场得到结果。"
        stem = regex(r"^(.+?)(?:政策)?咨询(?:服务)?$").match(it["name"])
        if stem and len(stem.group(1)) > 2:
            return f"想了解{stem.group(1)}的规定和办法，可以咨询，由工作人员当场或者电话答复。"
    return ""


ALIAS_FORMS = {
    "新办": ("办{}",), "变更": ("{}变更", "改{}"), "延续": ("{}到期", "{}续期"), "补证": ("{}丢了", "补办{}"),
    "换证": ("换{}",), "注销": ("注销{}",), "停业": ("{}停业",), "歇业": ("{}歇业",), "恢复": ("{}恢复",),
    "校验": ("{}年审",), "过户": ("{}过户",), "转入": ("{}转入",), "转出": ("{}转出",),
}


PAPER = r"(证|卡|照|户口|密码)$"
ABOUT_BUSINESS = {"{}变更", "注销{}", "办{}", "{}停业", "{}歇业", "{}恢复"}


def alias_phrases(nouns, situation):
    """What people say: a paper is lost, renewed, changed; a business is changed or closed."""
    return [form.format(n) for form in ALIAS_FORMS.get(situation, ()) for n in nouns
            if not n.startswith(("开", "办", "卖", "跑", "收", "打井")) and (found(PAPER, n) or form in ABOUT_BUSINESS)]


def aliases(it):
    words = []
    for r in rules("aliases.csv"):
        if matches(r["match"], it):
            words += r["words"].split("|")
    for r in rules("alias_nouns.csv"):
        if r["main"] == (it["main"] or it["name"]):
            nouns = r["nouns"].split("|")
            if it["name"] == r["main"]:
                words += nouns
            if not it["name"].startswith(("教练车", "驾驶培训机构")):
                words += alias_phrases(nouns, it["situation"])
    return "|".join(list(dict.fromkeys(words))[:6])


def legal_basis(it):
    """Basis as listed; an article of the first three is general and is not repeated."""
    return re.sub(r"第[一二三]条", "", it["basis"])


ITEM_COLUMNS = ("code basic_code name main_code main_name situation type regime body level objects subjects kind "
                "check_days statutory_days statutory_unit statutory_basis promised_days promised_unit fee fee_basis "
                "fee_standard result_name result_kind visits visit_reason channels conditions basis intro aliases "
                "sample form source source_code decider").split()


def complete(it, keys):
    sample = set()
    it["regime"] = regime_of(it)
    it["objects"] = objects(it)
    it["subjects"] = subjects(it)
    limits(it, sample)
    fees(it, sample)
    results(it, sample)
    access(it, sample)
    fact = next((r for r in rules("facts20.csv") if r["item"] == it["name"]), None)
    it["conditions"] = conditions(it, sample)
    it["basis"] = legal_basis(it)
    sample.add("basis")
    it["intro"] = intro(it)
    it["aliases"] = aliases(it)
    it["form"] = fact["form"] if fact else ""
    if not fact:
        sample.add("materials")
    it.update(type=it["task_type"], main_name=it["main"], level="4", source=it["scope"],
              decider=keys.get(DECIDERS.get(it["name"], ""), ""))
    it["sample"] = " ".join(s for s in SAMPLE_FIELDS if s in sample)


SAMPLE_FIELDS = ("basis", "statutory", "statutory_unit", "promised", "materials", "conditions", "fee", "result",
                 "visits", "channels")


def build_items(keys):
    rows, pairs = base_items(keys)
    inherit_basis(rows)
    for it in rows:
        complete(it, keys)
    rows.sort(key=lambda it: it["code"])
    return rows, pairs


def inherit_basis(rows):
    """A published situation without basis takes that of its main item."""
    basis = {(r["body_key"], r["name"]): r["basis"] for r in rows}
    for r in rows:
        if not r["basis"] and r["main"]:
            r["basis"] = basis.get((r["body_key"], r["main"]), "")


# ---------------------------------------------------------------- materials

MATERIAL_COLUMNS = "item_code n name source key commit issuer basis condition needed_if note sample".split()
PENDING = "待主管部门补充（示例）"


def material(name, source, issuer="", note="", basis=PENDING, key="1", commit="0", condition="", sample="1"):
    return dict(name=name, source=source, key=key, commit=commit, issuer=issuer, basis=basis,
                condition=condition, needed_if="", note=note, sample=sample)


def identity(it):
    who = it["objects"].split()
    if who == ["person"]:
        return material("申请人身份证明", "state", "公安机关", "系统读取，不用交；窗口办理时出示身份证即可。")
    if "person" in who:
        return material("申请人身份证明或者主体资格证明", "state", "公安机关、登记机关",
                        "个人读取身份信息，单位读取营业执照或者登记证书，不用交。")
    return material("营业执照或者法人登记证书", "state", "登记机关", "系统读取，不用交。")


def form_name(it):
    if it["situation"] in ("变更", "注销", "延续", "补证", "换证") and it["task_type"] in ("01", "07", "10"):
        return {"补证": "补发", "换证": "换领"}.get(it["situation"], it["situation"]) + "申请表"
    if it["task_type"] == "10" and "备案" in it["name"]:
        return "备案登记表"
    return "申请表"


def default_materials(it):
    if it["task_type"] == "20" and found(REFER_ONLY, it["name"]):
        return []
    basis = "《行政许可法》第二十九条" if it["task_type"] == "01" else PENDING
    out = [material(form_name(it), "form", note="系统按您填写的内容生成，核对后签名即可。", basis=basis), identity(it)]
    old = it["situation"] in ("变更", "注销", "延续", "换证") and it["task_type"] in ("01", "07", "10")
    if old:
        out.append(material("原证件或者登记信息", "state", "原发证、登记机关", "系统读取，不用交；系统没有的提交原件。"))
        if it["situation"] == "变更":
            out.append(material("变更事项的证明文件", "applicant", "", "能证明变更内容的文件，例如变更后的合同、证照或者决议。"))
        return out
    if it["situation"] == "补证" or (it["task_type"] == "20" and found(AT_ONCE, it["name"])):
        return out
    for r in rules("need_words.csv"):
        if len(out) == 4:
            break
        if found(r["pattern"], it["name"]) and all(r["name"] != m["name"] for m in out):
            out.append(material(r["name"], r["source"], r["issuer"], r["note"]))
    return out


def build_materials(items):
    same = {r["item"]: r["as"] for r in rules("same_materials.csv")}
    full = defaultdict(list)
    for r in rules("materials20.csv"):
        full[r["item"]].append({k: v for k, v in r.items() if k != "item"})
    out = []
    for it in items:
        rows = full.get(same.get(it["name"], it["name"]))
        if rows is None:
            rows = [] if it["name"] in NO_MATERIALS else default_materials(it)
        for n, row in enumerate(rows, 1):
            out.append(dict(row, item_code=it["code"], n=n))
    return out


NO_MATERIALS = {"80周岁以上老年人高龄津贴发放"}


# ---------------------------------------------------------------- windows and stations

def build_windows(keys):
    numbers, out = Counter(), []
    for r in sorted(rules("windows.csv"), key=lambda r: r["zone"]):
        for _ in range(int(r["count"])):
            numbers[r["zone"]] += 1
            out.append({"no": f"{r['zone']}{numbers[r['zone']]:02d}", "zone": r["zone_name"], "floor": r["floor"],
                        "name": r["name"], "kind": r["kind"],
                        "bodies": " ".join(keys[b] for b in r["bodies"].split())})
    return out


@lru_cache(maxsize=None)
def divisions():
    return tuple(read_csv(DATA / "divisions.csv"))


def village_short(name):
    return re.sub(r"(居民|村民)委员会$", "", name)


def build_stations():
    towns = {r["code"]: r["name"] for r in divisions() if r["level"] == "4"}
    out = []
    for r in divisions():
        if r["level"] == "4":
            name, level, where = f"{r['name']}便民服务中心", "5", f"示例县{r['name']}"
        elif r["level"] == "5":
            town = towns[r["parent"]]
            short = village_short(r["name"])
            name, level, where = f"{town}{short}便民服务站", "6", f"示例县{town}{short}"
        else:
            continue
        out.append({"division": r["code"], "name": name, "level": level, "address": f"{where}（示例地址）",
                    "phone": f"0855-{1000 + len(out):07d}"})
    return out


# ---------------------------------------------------------------- staff

SURNAMES = ("杨龙吴刘王陈张李罗姜欧石潘周黄胡袁彭唐蒋伍宋秦舒粟田谭向林邓朱郑许韦蒙白江梁谢陆"
            "余叶曾何高郭马徐孙")
GIVEN = ("秀英 建国 志强 桂花 明辉 丽萍 海燕 国栋 春梅 光荣 玉兰 文斌 小芳 永华 雪梅 胜利 家豪 佳慧 思远 雨晴 "
         "昌平 再福 通海 金凤 银花 世杰 宗祥 德胜 水莲 云霞 晓峰 远航 静怡 立新 安民 启明 淑珍 正华 朝阳 若兰 "
         "庆丰 丹 磊 敏 涛 倩 勇 婷 刚 洁").split()
OTHER_NAMES = ("阿依古丽·买买提", "卓玛·央金", "巴图·孟和", "吾·格桑", "帕提古丽·艾山", "仰阿·略", "扎西·顿珠",
               "其其格·娜仁", "古丽娜·吐尔逊", "乌兰·托娅")
# role, number of persons per ordinary body; a body with many items has more clerks and reviewers
BODY_ROLES = (("clerk", 2), ("reviewer", 1), ("section_head", 1), ("body_head", 1), ("steward", 1))
LARGE_BODY, EXTRA_ROLES = 100, (("clerk", 3), ("reviewer", 1))
SMALL_BODY, SMALL_ROLES = 20, (("clerk", 1), ("reviewer", 1), ("body_head", 1), ("steward", 1))
CENTRE_ROLES = (("hall_manager", 2, 2), ("centre_reviewer", 3, 2), ("guide", 6, 2), ("agent", 6, 4),
                ("delivery", 2, 2), ("cashier", 2, 1), ("supervisor", 3, 1), ("hotline", 4, 1),
                ("system_admin", 1, 3), ("security_admin", 1, 3), ("audit_admin", 1, 1), ("body_head", 1, 1),
                ("clerk", 3, 2), ("reviewer", 1, 2), ("section_head", 1, 2), ("steward", 1, 2))
SPECIAL_ROLES = (("sfj", "legal", 3), ("bwb", "establishment", 2), ("jwj", "discipline", 3), ("xzf", "leader", 3),
                 ("jyzx", "trading", 4))
NO_ITEM_BODIES = {"bwb", "jwj", "xzf", "zwzx"}
DEMO_ROLES = ("clerk", "reviewer", "section_head", "body_head", "steward", "centre_reviewer", "legal",
              "establishment", "hall_manager", "guide", "agent", "supervisor", "discipline", "leader", "delivery",
              "cashier", "system_admin", "security_admin", "audit_admin", "trading", "hotline")
DEMO_BODY = {"clerk": "scj", "reviewer": "scj", "section_head": "scj", "body_head": "scj", "steward": "scj"}
DEMO_WHOLE = "zjj"  # a second body in which a case can be taken from receipt to decision by hand: site check, bill
DEMO_WHOLE_ROLES = ("clerk", "reviewer", "body_head")
INCOMPATIBLE = (("clerk", "reviewer"), ("clerk", "section_head"), ("clerk", "body_head"),
                ("steward", "centre_reviewer"), ("steward", "legal"), ("steward", "establishment"),
                ("trading", "supervisor"), ("system_admin", "security_admin"), ("system_admin", "audit_admin"),
                ("security_admin", "audit_admin"), ("clerk", "supervisor"), ("reviewer", "supervisor"),
                ("cashier", "audit_admin"))
STATION_VILLAGES = 24


def person_names():
    """Endless invented names without repetition; every 29th has the form with a middle dot."""
    used, i = set(), 0
    while True:
        name = SURNAMES[i % len(SURNAMES)] + GIVEN[i * 11 % len(GIVEN)]
        if i % 29 == 11 and i // 29 < len(OTHER_NAMES):
            name = OTHER_NAMES[i // 29]
        i += 1
        if name not in used:
            used.add(name)
            yield name


def body_roles(count):
    if count < SMALL_BODY:
        return SMALL_ROLES
    return BODY_ROLES + (EXTRA_ROLES if count >= LARGE_BODY else ())


def staff_posts(item_counts):
    """Every post as (body key, role, section number, division)."""
    for r in rules("bodies.csv"):
        key = r["key"]
        if key in NO_ITEM_BODIES or key == "zhbj":
            continue
        sections, n = len(r["sections"].split("|")), 0
        for role, count in body_roles(item_counts[key]):
            for _ in range(count):
                inner = sections > 1 and role not in ("body_head", "steward")
                yield key, role, n % (sections - 1) + 2 if inner else 1, ""
                n += 1
    for role, count, section in CENTRE_ROLES:
        for _ in range(count):
            yield "zwzx", role, section, ""
    for key, role, count in SPECIAL_ROLES:
        for _ in range(count):
            yield key, role, 2 if key == "sfj" else 1, ""
    for role, section in (("reviewer", 1), ("body_head", 1)):
        yield "zhbj", role, section, ""
    towns = [r for r in divisions() if r["level"] == "4"]
    villages = [r for r in divisions() if r["level"] == "5"]
    for t in towns:
        yield "zwzx", "clerk", 4, t["code"]
    for v in villages[::len(villages) // STATION_VILLAGES][:STATION_VILLAGES]:
        yield "zwzx", "agent", 4, v["code"]


def free_windows(windows, keys):
    served = defaultdict(list)
    for w in windows:
        for b in w["bodies"].split():
            served[b].append(w["no"])
    return {key: served[code] for key, code in keys.items()}


WINDOW_ROLES = {"clerk": "comprehensive department", "cashier": "payment", "delivery": "result delivery",
                "guide": "consult", "agent": "consult"}


def build_staff(keys, items, windows):
    counts = Counter(it["body_key"] for it in items)
    people = person_names()
    names = {(r["body"], str(r["n"])): r["name"] for r in build_sections(keys)}
    kinds = {w["no"]: w["kind"] for w in windows}
    free, used = free_windows(windows, keys), set()
    numbers, demo, out = Counter(), set(), []
    for key, role, section, division in staff_posts(counts):
        numbers[key if not division else "st"] += 1
        login = f"{key}{numbers[key]:02d}" if not division else f"st{division[6:]}"
        window = ""
        if role in WINDOW_ROLES and not division:
            fit = [w for w in free[key] if kinds[w] in WINDOW_ROLES[role].split()]
            window = next((w for w in fit if w not in used), "")
            used.add(window)
        hint = ""
        if role in DEMO_ROLES and role not in demo and DEMO_BODY.get(role, key) == key and not division:
            demo.add(role)
            hint = "demo"
        if key == DEMO_WHOLE and role in DEMO_WHOLE_ROLES and (key, role) not in demo and not division:
            demo.add((key, role))
            hint = "demo"
        out.append({"login": login, "name": next(people), "body": keys[key],
                    "section": names[keys[key], str(section)], "window": window, "roles": role,
                    "password_hint": hint, "division": division, "sample": "1"})
    return out


# ---------------------------------------------------------------- output

HAND_MADE = ("subjects.csv", "near_words.csv", "pauses.csv")


def build_all():
    bodies, keys = build_bodies()
    items, pairs = build_items(keys)
    windows = build_windows(keys)
    tables = {
        "bodies.csv": (list(bodies[0]), bodies),
        "sections.csv": (["body", "n", "name"], build_sections(keys)),
        "items.csv": (ITEM_COLUMNS, [{c: it.get(c, "") for c in ITEM_COLUMNS} for it in items]),
        "materials.csv": (MATERIAL_COLUMNS, build_materials(items)),
        "windows.csv": ("no zone floor name kind bodies".split(), windows),
        "stations.csv": ("division name level address phone".split(), build_stations()),
        "staff.csv": ("login name body section window roles password_hint division sample".split(),
                      build_staff(keys, items, windows)),
    }
    return tables, pairs, keys


def write_all(tables):
    for name, (columns, rows) in tables.items():
        (COUNTY / name).write_text(to_csv(columns, rows), encoding="utf-8")
        print(f"{name}: {len(rows)}")


# ---------------------------------------------------------------- checks

TYPES = {"01", "05", "07", "08", "09", "10", "20"}
REGIMES = {"L", "LR", "J", "M", "E", "W", "B", "D"}
OBJECTS = {"person", "firm", "org", "gov"}
CHANNELS = {"web", "window", "station", "kiosk", "phone"}
RESULT_KINDS = {"licence", "approval", "other", "none"}
SOURCES = {"applicant", "state", "form", "third"}
BODY_KINDS = {"organ", "institution", "party", "enterprise", "vertical", "group", "government"}
ROLES = set(DEMO_ROLES)
FOREIGN = r"四川|成都|广安|省政府令|349号|（县级|（市级|\(|天柱"
VAGUE = r"其他材料|等材料|相关材料|有关材料$"
TWENTY = ("个体工商户设立登记 食品经营许可 公共场所卫生许可新办审批 内资医疗机构设置审批 建筑工程施工许可证核发 占用、挖掘城市道路审批 "
          "道路货物运输经营许可 烟草专卖零售许可证新办 取水申请批准文件 排污许可 河道采砂许可 80周岁以上老年人高龄津贴发放 校车使用许可 "
          "社会团体成立登记 内地居民结婚登记 国有建设用地使用权及房屋所有权转移登记 居住证办理 最低生活保障 工伤认定申请 "
          "购房提取住房公积金").split()


class Report:
    def __init__(self):
        self.passed, self.failed = [], []

    def all(self, title, bad):
        bad = list(bad)
        if bad:
            self.failed.append(f"{title}: {len(bad)} bad, e.g. {bad[:3]}")
        else:
            self.passed.append(title)

    def equal(self, title, got, want):
        self.all(f"{title} = {want}", [] if got == want else [got])


def repeated(values):
    return [v for v, n in Counter(values).items() if n > 1]


def check_bodies(rep, bodies, sections):
    rep.equal("bodies counted", sum(b["counted"] == "1" for b in bodies), BODY_COUNT)
    rep.all("every body code is a valid USCC with a valid organisation code",
            (b["code"] for b in bodies if not uscc_ok(b["code"])))
    rep.all("body codes begin with 1 (enterprises 9) and name the region",
            (b["code"] for b in bodies if b["code"][0] != ("9" if b["kind"] == "enterprise" else "1")
             or b["code"][2:8] != ("522600" if b["level"] == "3" else "522627")))
    rep.all("body codes, names and short names are unique",
            (v for f in ("code", "name", "short") for v in repeated(b[f] for b in bodies)))
    rep.all("body kinds", (b["kind"] for b in bodies if b["kind"] not in BODY_KINDS))
    rep.equal("sample code of the market body",
              [b["short"] for b in bodies if b["code"] == "11522627MB0A00018A"], ["市场监管局"])
    count = Counter(s["body"] for s in sections)
    rep.all("sections reference bodies", (s for s in sections if s["body"] not in {b["code"] for b in bodies}))
    rep.all("counted bodies have 1 to 5 sections",
            (b["short"] for b in bodies if b["counted"] == "1" and not 1 <= count[b["code"]] <= 5))


def check_codes(rep, items, bodies):
    known = {b["code"] for b in bodies}
    rep.all("item code = body + level + basic code, 31 characters",
            (i["code"] for i in items if i["code"] != i["body"] + i["level"] + i["basic_code"]
             or len(i["code"]) != 31 or i["body"] not in known))
    rep.all("basic code: 12 digits, division 00 or 52, own type",
            (i["code"] for i in items if not found(r"^(00|52)\d{10}$", i["basic_code"])
             or i["basic_code"][2:4] != i["type"]))
    rep.all("item codes and basic codes are unique",
            repeated(i["code"] for i in items) + repeated(i["basic_code"] for i in items))
    by_code = {i["code"]: i for i in items}
    rep.all("main code: same body, sub number 000, and the named row where there is one",
            (i["name"] for i in items if i["main_code"] and (
                i["main_code"][:18] != i["body"] or not i["main_code"].endswith("000") or not i["main_name"]
                or by_code.get(i["main_code"], {}).get("name", i["main_name"]) != i["main_name"])))
    rep.all("no name twice at one body", repeated((i["body"], i["name"]) for i in items))
    rep.all("no word of another place or level in a name or main name",
            (i["name"] for i in items if found(FOREIGN, i["name"] + i["main_name"])))


def check_limits(rep, items):
    rep.all("types and regimes", (i["name"] for i in items if i["type"] not in TYPES or i["regime"] not in REGIMES
                                  or (i["type"] == "01") != (i["regime"] in ("L", "LR", "M"))))
    rep.all("promised <= statutory, in the same unit",
            (i["name"] for i in items if i["statutory_days"] and (
                int(i["promised_days"]) > int(i["statutory_days"]) or i["promised_unit"] != i["statutory_unit"])))
    rep.all("licences count working days", (i["name"] for i in items if i["type"] == "01" and (
        i["statutory_unit"] != "WD" or not i["statutory_days"])))
    rep.all("on_spot exactly when 0 days are promised",
            (i["name"] for i in items if (i["kind"] == "on_spot") != (i["promised_days"] == "0")))
    rep.all("a statutory limit has a basis", (i["name"] for i in items if i["statutory_days"] and not i["statutory_basis"]))
    rep.all("regime B has a statutory limit only by its own law",
            (i["name"] for i in items if i["regime"] == "B" and i["statutory_days"] and "第" not in i["statutory_basis"]))
    rep.all("a default limit is marked as sample",
            (i["name"] for i in items if i["statutory_basis"] == "《行政许可法》第四十二条"
             and i["name"] not in FULL_20_DAYS and "statutory" not in i["sample"].split()))
    rep.all("acceptance check: 5 WD for licences, 3 for discharge permits",
            (i["name"] for i in items if i["regime"] in ("L", "LR")
             and i["check_days"] != ("3" if i["name"] == "排污许可" else "5")))


FULL_20_DAYS = {r["match"] for r in rules("limits.csv") if r["basis"] == "《行政许可法》第四十二条"}


def check_publication(rep, items):
    rep.all("a fee has basis and standard", (i["name"] for i in items if (i["fee"] == "yes") != bool(i["fee_basis"] and i["fee_standard"])))
    rep.all("result present", (i["name"] for i in items if not i["result_name"] or i["result_kind"] not in RESULT_KINDS))
    rep.all("visits have a reason, and only visits",
            (i["name"] for i in items if (int(i["visits"]) > 0) != bool(i["visit_reason"])))
    rep.all("web only with at most one visit",
            (i["name"] for i in items if "web" in i["channels"].split() and int(i["visits"]) > 1))
    rep.all("channels", (i["name"] for i in items if not i["channels"] or not set(i["channels"].split()) <= CHANNELS))
    rep.all("marriage and divorce are not on the web",
            (i["name"] for i in items if i["name"] in ("内地居民结婚登记", "内地居民离婚登记") and "web" in i["channels"]))
    rep.all("objects", (i["name"] for i in items if not i["objects"] or not set(i["objects"].split()) <= OBJECTS))
    rep.all("conditions present", (i["name"] for i in items if not i["conditions"]))
    rep.all("sample names fields", (i["name"] for i in items if not set(i["sample"].split()) <= set(SAMPLE_FIELDS)))
    rep.all("Chinese text has full-width punctuation", (
        i["name"] for i in items for f in ("name", "main_name", "intro", "visit_reason", "statutory_basis", "fee_standard")
        if found(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", i[f])))


def check_words(rep, items, subjects):
    known = {s["code"] for s in subjects}
    rep.equal("subjects: firm and person", Counter(s["face"] for s in subjects), Counter(firm=9, person=5))
    rep.all("one to three known subjects per item",
            (i["name"] for i in items if not 1 <= len(i["subjects"].split()) <= 3 or not set(i["subjects"].split()) <= known))
    rep.all("no subject is empty", known - {s for i in items for s in i["subjects"].split()})
    rep.all("at least 300 items have aliases", [] if sum(bool(i["aliases"]) for i in items) >= 300 else ["few"])
    rep.all("one to six aliases, none repeated",
            (i["name"] for i in items if i["aliases"] and (
                len(i["aliases"].split("|")) > 6 or repeated(i["aliases"].split("|")) or "" in i["aliases"].split("|"))))


def check_materials(rep, items, materials):
    codes = {i["code"]: i for i in items}
    rep.all("materials reference items", (m["item_code"] for m in materials if m["item_code"] not in codes))
    rep.all("no vague material", (m["name"] for m in materials if found(VAGUE, m["name"] + m["note"])))
    rep.all("material source and basis", (m["name"] for m in materials if m["source"] not in SOURCES or not m["basis"]))
    rep.all("what the state holds names its holder", (m["name"] for m in materials if m["source"] == "state" and not m["issuer"]))
    rep.all("key, commit, sample are 0 or 1",
            (m["name"] for m in materials if any(m[f] not in ("0", "1") for f in ("key", "commit", "sample"))))
    rep.all("materials are numbered 1, 2, 3 without a repeated name", material_numbers(materials))
    count = Counter(m["item_code"] for m in materials)
    rep.all("every item has 2 to 9 materials (referrals and the old-age allowance none)",
            (i["name"] for i in items if not 2 <= count[i["code"]] <= 9
             and not (count[i["code"]] == 0 and (i["name"] in NO_MATERIALS or found(REFER_ONLY, i["name"])))))
    full = {codes[m["item_code"]]["name"] for m in materials if m["basis"] != PENDING and m["note"]}
    rep.all("the twenty items are present and worked out",
            (n for n in TWENTY if n not in {i["name"] for i in items} or (n not in full and n not in NO_MATERIALS)))


def material_numbers(materials):
    by_item = defaultdict(list)
    for m in materials:
        by_item[m["item_code"]].append(m)
    return [code for code, ms in by_item.items()
            if [int(m["n"]) for m in ms] != list(range(1, len(ms) + 1)) or repeated(m["name"] for m in ms)]


def check_places(rep, windows, stations, bodies):
    known = {b["code"] for b in bodies}
    rep.equal("windows", len(windows), WINDOW_COUNT)
    rep.all("window numbers are unique", repeated(w["no"] for w in windows))
    rep.all("windows serve known bodies", (w["no"] for w in windows if not set(w["bodies"].split()) <= known))
    rep.all("every counted body is served by a window",
            {b["code"] for b in bodies if b["counted"] == "1"} - {c for w in windows for c in w["bodies"].split()})
    rep.equal("township and village stations", Counter(s["level"] for s in stations),
              Counter({"5": TOWNSHIP_COUNT, "6": VILLAGE_COUNT}))
    rep.all("station divisions are known and unique, names too",
            [s["division"] for s in stations if s["division"] not in {d["code"] for d in divisions()}]
            + repeated(s["division"] for s in stations) + repeated(s["name"] for s in stations))
    rep.equal("county division", [d["name"] for d in divisions() if d["code"] == DIVISION], ["示例县"])


def check_staff(rep, staff, bodies, sections, windows):
    known = {b["code"] for b in bodies}
    rooms = {(s["body"], s["name"]) for s in sections}
    rep.all("about 300 staff, all marked as sample",
            [len(staff)] * (not 280 <= len(staff) <= 320) + [s["login"] for s in staff if s["sample"] != "1"])
    rep.all("logins and names are unique", repeated(s["login"] for s in staff) + repeated(s["name"] for s in staff))
    rep.all("staff reference bodies, sections, windows, divisions, roles", (
        s["login"] for s in staff if s["body"] not in known or (s["body"], s["section"]) not in rooms
        or (s["window"] and s["window"] not in {w["no"] for w in windows})
        or (s["division"] and s["division"] not in {d["code"] for d in divisions()})
        or not s["roles"] or not set(s["roles"].split()) <= ROLES))
    rep.all("no incompatible duties in one person", (
        s["login"] for s in staff for a, b in INCOMPATIBLE if {a, b} <= set(s["roles"].split())))
    rep.all("no window has two clerks", repeated(s["window"] for s in staff if s["window"]))
    hints = Counter(r for s in staff if s["password_hint"] for r in s["roles"].split())
    rep.all("one demo sign-in per role, and a second body's", (r for r in ROLES if hints[r] != 1 + (r in DEMO_WHOLE_ROLES)))


def check_choice(rep, items, pairs):
    rep.equal("items", len(items), ITEM_COUNT)
    published = [i for i in items if i["source"] == "county" and i["source_code"]]
    rep.equal("published county rows", len(published), COUNTY_COUNT)
    rep.equal("national rows (with the discharge permit)", sum(i["source"] == "national" for i in items), NATIONAL_COUNT + 1)
    rep.equal("national rows dropped as twins", len(pairs), TWIN_COUNT)


def check_near(rep, near):
    rep.all("at least 100 pairs of near words, none repeated",
            [len(near)] * (len(near) < 100) + repeated((n["word"], n["official"]) for n in near)
            + [n["word"] for n in near if not n["word"] or not n["official"] or n["word"] == n["official"]])


PAUSES = {"01": "hearing tender auction inspection testing quarantine appraisal experts".split()}


def check_pauses(rep, items, pauses):
    """What stops the clock of an item belongs to an item of this kind, once, with its source."""
    types = {i["code"]: i["type"] for i in items}
    rep.all("excluded time belongs to an item whose law has it",
            [p for p in pauses if p["kind"] not in PAUSES.get(types.get(p["item_code"]), [])])
    rep.all("excluded time names its source", [p for p in pauses if not p["basis"]])
    keys = [(p["item_code"], p["kind"]) for p in pauses]
    rep.all("excluded time is named once", [k for k in keys if keys.count(k) > 1])


def check():
    tables, pairs, _ = build_all()
    rep = Report()
    for name, (columns, rows) in tables.items():
        path = COUNTY / name
        same = path.exists() and path.read_text(encoding="utf-8") == to_csv(columns, rows)
        rep.all(f"committed {name} is what the rules give", [] if same else ["run tools/county.py"])
    read = {name: read_csv(COUNTY / name) for name in (*tables, *HAND_MADE) if (COUNTY / name).exists()}
    items, bodies, sections = read["items.csv"], read["bodies.csv"], read["sections.csv"]
    check_bodies(rep, bodies, sections)
    check_choice(rep, items, pairs)
    check_codes(rep, items, bodies)
    check_limits(rep, items)
    check_publication(rep, items)
    check_words(rep, items, read["subjects.csv"])
    check_materials(rep, items, read["materials.csv"])
    check_places(rep, read["windows.csv"], read["stations.csv"], bodies)
    check_staff(rep, read["staff.csv"], bodies, sections, read["windows.csv"])
    check_near(rep, read["near_words.csv"])
    check_pauses(rep, items, read["pauses.csv"])
    for line in rep.passed:
        print("ok  ", line)
    for line in rep.failed:
        print("FAIL", line)
    print(f"{len(rep.passed)} passed, {len(rep.failed)} failed")
    return 1 if rep.failed else 0


def main(args):
    if args == ["--check"]:
        return check()
    tables, pairs, _ = build_all()
    if args == ["--pairs"]:
        for national, county in pairs:
            print(f"{national['name']}\t{county['name']}")
        return 0
    if args:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    write_all(tables)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
