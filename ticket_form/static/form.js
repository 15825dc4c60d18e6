// Lead keyboard and screen reader to what went wrong. Without JavaScript the summary is still first on the page.
const summary = document.getElementById("summary");
if (summary) summary.focus();
