"""The ledger's words for what the owner should know: why a pass stopped, why a changed
configuration isn't used, why an own template wasn't, what is amiss with the folders."""

TROUBLE, CONFIG_TROUBLE, TEMPLATE_TROUBLE = "trouble", "config_trouble", "template_trouble"
FOLDER_TROUBLE = "folder_trouble"  # a list of texts, as JSON
