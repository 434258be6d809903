"""A browser in words people know: "Chrome · Windows". Only for a person to recognise a device, never to decide."""

# In this order: most browsers also claim to be Chrome and Safari.
BROWSERS = (
    ("wxwork/", "企业微信"),
    ("micromessenger/", "微信"),
    ("dingtalk/", "钉钉"),
    ("lark/", "飞书"),
    ("feishu/", "飞书"),
    ("qqbrowser/", "QQ 浏览器"),
    ("360se", "360 浏览器"),
    ("360ee", "360 浏览器"),
    ("huaweibrowser/", "华为浏览器"),
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("crios/", "Chrome"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
)
SYSTEMS = (
    ("openharmony", "HarmonyOS"),
    ("harmonyos", "HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac os", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)


def in_words(user_agent):
    """Browser and system; empty for what is neither."""
    text = user_agent.lower()
    found = (next((label for mark, label in table if mark in text), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(label for label in found if label)
