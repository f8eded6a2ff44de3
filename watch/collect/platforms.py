"""Where platforms keep their feeds: by the address, by what the page is made with, by habit. Pure.

Sources: each platform's documentation, and the lists of RSS-Bridge; rules are tried, never believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

from watch.collect.advertised import Candidate

_PART = r"([\w.~%-]+)"
# (host, path, feeds): groups of both are filled in, {0} being the address without path.
_BY_ADDRESS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"(?:www\.|m\.)?youtube\.com", r"/channel/(UC[\w-]{22}).*", ("https://www.youtube.com/feeds/videos.xml?channel_id={1}",)),
    (r"(?:www\.|m\.)?youtube\.com", r"/user/([\w-]+).*", ("https://www.youtube.com/feeds/videos.xml?user={1}",)),
    (r"(?:www\.|m\.)?youtube\.com", r"/@.*", ()),  # its page says which channel it is
    (r"github\.com", rf"/{_PART}/{_PART}/commits/{_PART}/?", ("{0}/{1}/{2}/commits/{3}.atom",)),
    (r"github\.com", rf"/{_PART}/{_PART}(?:/.*)?", ("{0}/{1}/{2}/releases.atom", "{0}/{1}/{2}/commits.atom")),
    (r"github\.com", r"/([\w-]+)/?", ("{0}/{1}.atom",)),
    (r"gitlab\.[\w.-]+", rf"/{_PART}/{_PART}(?:/.*)?", ("{0}/{1}/{2}/-/tags?format=atom", "{0}/{1}/{2}.atom")),
    (r"codeberg\.org", rf"/{_PART}/{_PART}(?:/.*)?", ("{0}/{1}/{2}/releases.rss", "{0}/{1}/{2}.rss")),
    (r"(?:www\.|old\.|new\.)?reddit\.com", r"/(r|user)/([\w-]+)(?:/.*)?", ("https://www.reddit.com/{1}/{2}/.rss",)),
    (r"medium\.com", r"/tag/([\w-]+).*", ("https://medium.com/feed/tag/{1}",)),
    (r"medium\.com", r"/(@?[\w.-]+).*", ("https://medium.com/feed/{1}",)),
    (r"[\w-]+\.medium\.com", r"/.*", ("{0}/feed",)),
    (r"[\w-]+\.substack\.com", r"/.*", ("{0}/feed",)),
    (r"[\w-]+\.tumblr\.com", r"/tagged/([\w-]+).*", ("{0}/tagged/{1}/rss",)),
    (r"[\w-]+\.tumblr\.com", r"/.*", ("{0}/rss",)),
    (r"[\w-]+\.blogspot\.[a-z.]+", r"/.*", ("{0}/feeds/posts/default",)),
    (r"[\w-]+\.wordpress\.com", r"/.*", ("{0}/feed/",)),
    (r"[\w-]+\.over-blog\.(?:com|fr|net)", r"/.*", ("{0}/rss",)),
    (r"[\w-]+\.canalblog\.com", r"/.*", ("{0}/rss.xml",)),
    (r"[\w-]+\.ghost\.io", r"/.*", ("{0}/rss/",)),
    (r"bsky\.app", r"/profile/([\w.:-]+).*", ("https://bsky.app/profile/{1}/rss",)),
    (r"dev\.to", r"/t/(\w+).*", ("https://dev.to/feed/tag/{1}",)),
    (r"dev\.to", r"/(\w+).*", ("https://dev.to/feed/{1}",)),
    (r"lobste\.rs", r"/t/([\w,-]+).*", ("https://lobste.rs/t/{1}.rss",)),
    (r"vimeo\.com", r"/([a-z]\w*)/?", ("https://vimeo.com/{1}/videos/rss",)),
    (r"(?:www\.)?dailymotion\.com", r"/([\w-]+)/?", ("https://www.dailymotion.com/rss/user/{1}",)),
    (r"(?:[a-z]+\.)?stack(?:overflow|exchange)\.com", r"/questions/tagged/([\w.+-]+).*", ("{0}/feeds/tag/{1}",)),
    # Mastodon and its kin live on any host.
    (r".+", r"/(@\w+)(?:@[\w.-]+)?/?", ("{0}/{1}.rss",)),
    (r".+", r"/tags/(\w+)/?", ("{0}/tags/{1}.rss",)),
)  # fmt: skip
# What a page is made with: (words on it, feeds). {0} is the site, {page} the page without its last slash.
_BY_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"content=[\"']WordPress|/wp-content/|/wp-includes/", ("{0}/feed/", "{page}/feed/", "{0}/?feed=rss2")),
    (r"content=[\"']Ghost ", ("{0}/rss/", "{page}/rss/")),
    (r"content=[\"']Drupal|/sites/default/files/|drupal-settings-json", ("{0}/rss.xml", "{page}/feed")),
    (r"content=[\"']SPIP|spip\.php|/local/cache-", ("{0}/spip.php?page=backend",)),
    (r"content=[\"']Joomla", ("{page}?format=feed&type=rss",)),
    (r"cdn\.shopify\.com|Shopify\.theme", ("{page}.atom", "{0}/blogs/news.atom", "{0}/blogs/actualites.atom")),
    (r"static1?\.squarespace\.com|content=[\"']Squarespace", ("{page}?format=rss", "{0}/blog?format=rss")),
    (r"static\.wixstatic\.com|content=[\"']Wix", ("{0}/blog-feed.xml",)),
    (r"data-wf-site|content=[\"']Webflow", ("{page}/rss.xml", "{0}/blog/rss.xml")),
    (r"content=[\"']Hugo ", ("{0}/index.xml", "{page}/index.xml")),
    (r"content=[\"']Jekyll", ("{0}/feed.xml",)),
    (r"content=[\"'](?:Eleventy|Gatsby|Astro|Hexo)", ("{0}/feed.xml", "{0}/rss.xml", "{0}/atom.xml")),
    (r"content=[\"']Docusaurus", ("{0}/blog/rss.xml",)),
    (r"content=[\"']Dotclear", ("{0}/feed/atom",)),
    (r"content=[\"']blogger|blogger\.com/static", ("{0}/feeds/posts/default",)),
    (r"over-blog", ("{0}/rss",)),
    (r"canalblog", ("{0}/rss.xml",)),
    (r"content=[\"']Discourse", ("{page}.rss", "{0}/latest.rss", "{0}/posts.rss")),
    (r"content=[\"']PeerTube|peertube", ("{0}/feeds/videos.xml?sort=-publishedAt",)),
    (r"lemmy-site|content=[\"']Lemmy", ("{0}/feeds/local.xml?sort=New",)),
    (r"content=[\"']MediaWiki", ("{0}/index.php?title=Special:RecentChanges&feed=atom",)),
    (r"substackcdn\.com", ("{0}/feed",)),
    (r"content=[\"']phpBB|viewforum\.php", ("{0}/app.php/feed", "{0}/feed.php")),
)  # fmt: skip
_USUAL = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/posts/default",
    "/?feed=rss2", "/blog/feed", "/actualites/rss", "/spip.php?page=backend", "/flux-rss.xml", "/rss/une.xml",
    "/arc/outboundfeeds/rss/?outputType=xml",
)  # fmt: skip
_YOUTUBE_ID = re.compile(
    r"(?:channel_id=|\"(?:externalId|channelId)\":\"|itemprop=\"identifier\" content=\")(UC[\w-]{22})"
)
_NONE = (
    "facebook.com",
    "instagram.com",
    "x.com",
    "twitter.com",
    "linkedin.com",
    "tiktok.com",
    "threads.net",
    "flipboard.com",
)


def no_feed_at(url: str) -> str | None:
    """The platform of `url`, if it is known to give nobody a feed."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return next((name for name in _NONE if host == name or host.endswith("." + name)), None)


def of_address(url: str) -> list[Candidate]:
    """Where the platform that the address belongs to keeps its feeds."""
    parts = urlsplit(url)
    host, site = (parts.hostname or "").lower(), f"{parts.scheme}://{parts.netloc}"
    for host_rule, path_rule, feeds in _BY_ADDRESS:
        path = re.fullmatch(path_rule, parts.path or "/")
        if path and re.fullmatch(host_rule, host):
            return [Candidate(feed.format(site, *path.groups()), "platform") for feed in feeds]
    listed = re.search(r"(?:^|&)list=([\w-]{10,60})", parts.query) if host.endswith("youtube.com") else None
    return (
        [Candidate(f"https://www.youtube.com/feeds/videos.xml?playlist_id={listed[1]}", "platform")] if listed else []
    )


def of_page(url: str, html: str) -> list[Candidate]:
    """Where what the page is made with keeps its feeds."""
    return [Candidate(address, "platform") for address in dict.fromkeys(_of_page(url, html)) if address != url]


def usual(url: str) -> list[Candidate]:
    """Where many sites keep them."""
    return [Candidate(urljoin(url, path), "usual") for path in _USUAL]


def _of_page(url: str, html: str) -> Iterator[str]:
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}"
    page = site + quote(parts.path, safe="/%@:~+,;=!$&'()*").rstrip("/")
    if (parts.hostname or "").endswith("youtube.com"):
        yield from (
            f"https://www.youtube.com/feeds/videos.xml?channel_id={found[1]}" for found in _YOUTUBE_ID.finditer(html)
        )
        return
    for words, feeds in _BY_WORDS:
        if re.search(words, html, re.IGNORECASE):
            # `https://site` + `.rss` would be another host.
            mine = (feed for feed in feeds if page != site or not feed.startswith("{page}."))
            yield from (feed.replace("{page}", page).replace("{0}", site) for feed in mine)
