exports.named = 1; exports.other = 2;
