/** Node docs: http.METHODS. */
'use strict';

module.exports = { METHODS: [...binding('http').methods].sort() };
